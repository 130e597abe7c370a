import { tokens } from '@fluentui/react-components';
import { type RefObject, useEffect, useRef } from 'react';

/** A short glow around an element whose revision grew while it was in view. Nothing moves for readers who asked for calm. */
export function useHighlight(element: RefObject<HTMLElement | null>, revision: number): void {
  const seen = useRef(revision);
  useEffect(() => {
    if (revision === seen.current) return;
    seen.current = revision;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const glow = `0 0 0 2px ${tokens.colorBrandStroke1}`;
    element.current?.animate(
      [{ boxShadow: glow }, { boxShadow: glow, offset: 0.6 }, { boxShadow: '0 0 0 2px transparent' }],
      {
        duration: 1_800,
        easing: 'ease-out',
      },
    );
  }, [element, revision]);
}
