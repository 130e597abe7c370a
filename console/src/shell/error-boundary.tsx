import { Component, type ReactNode } from 'react';
import { Problem } from './problem.tsx';

/** A page that breaks, or whose files are gone after an update, says so instead of leaving a blank window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Problem
        title="This page broke"
        detail={`${error.message} Loading it again often helps, above all after an update of OpsAgent.`}
        onRetry={() => window.location.reload()}
      />
    );
  }
}
