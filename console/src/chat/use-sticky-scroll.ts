import { useCallback, useEffect, useRef, useState } from 'react';

const nearPx = 80;
const marginPx = 16;

/** Where a message starts that is too tall to be seen whole; undefined when it fits. */
function topOfTall(item: Element, box: Element): number | undefined {
  if (item.clientHeight <= box.clientHeight - marginPx) return undefined;
  return item.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - marginPx;
}

/**
 * Stays at the newest line as content grows, unless the reader has scrolled up. A new message that is taller than the
 * window is shown from its beginning. `sent` growing means that the reader has just spoken: back to the end.
 */
export function useStickyScroll(sent: number) {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const lastTop = useRef(0);
  const lastItem = useRef<Element>(null);
  const [away, setAway] = useState(false);

  const follow = useCallback(() => {
    const { current: box } = scroller;
    const item = content.current?.querySelector('ol > li:last-child') ?? null;
    if (!box || !stuck.current) return;
    const tall = item && item !== lastItem.current ? topOfTall(item, box) : undefined;
    lastItem.current = item;
    if (tall !== undefined) stuck.current = false;
    box.scrollTo({ top: tall ?? box.scrollHeight });
  }, []);

  const toEnd = useCallback(() => {
    stuck.current = true;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, []);

  useEffect(() => {
    const observer = new ResizeObserver(follow);
    for (const { current } of [scroller, content]) if (current) observer.observe(current);
    return () => observer.disconnect();
  }, [follow]);

  useEffect(() => {
    if (sent > 0) toEnd();
  }, [sent, toEnd]);

  const onScroll = useCallback(() => {
    const { current: box } = scroller;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    // Growth alone must not unstick: new content may stand below before the observer has followed it.
    if (near) stuck.current = true;
    else if (box.scrollTop < lastTop.current) stuck.current = false;
    lastTop.current = box.scrollTop;
    setAway(!near);
  }, []);

  return { scroller, content, onScroll, away, toEnd };
}
