import {
  type Action,
  AdaptiveCard,
  ExecuteAction,
  GlobalRegistry,
  HostConfig,
  OpenUrlAction,
  SubmitAction,
  Table,
  Versions,
} from 'adaptivecards';
import { hostConfig } from '../../../cards/adaptive/host-config.ts';
import { processMarkdown } from '../../../cards/adaptive/markdown.ts';
import type { CardJson } from '../api.ts';
import type { Scheme } from '../theme.tsx';
import { isWebAddress, type Press, readPress } from './press.ts';

// Tables register themselves in a module that a bundler drops when nothing names it.
GlobalRegistry.elements.register('Table', Table, Versions.v1_5);

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = processMarkdown(text);
  result.didProcess = true;
};

function openPage(url: string | undefined): void {
  if (isWebAddress(url)) window.open(url, '_blank', 'noopener,noreferrer');
}

function carryOut(action: Action, onPress: (press: Press) => void): void {
  if (action instanceof OpenUrlAction) openPage(action.url);
  if (!(action instanceof SubmitAction) && !(action instanceof ExecuteAction)) return;
  const press = readPress(action.data);
  if (press) onPress(press);
}

/** A table keeps readable columns and scrolls by itself where the card is too narrow for them. */
function letTablesScroll(card: HTMLElement): void {
  for (const table of card.querySelectorAll<HTMLElement>('[role="table"]')) {
    const columns = table.querySelector('[role="row"]')?.childElementCount ?? 1;
    const scroller = document.createElement('div');
    scroller.className = 'card-table';
    scroller.style.setProperty('--columns', String(columns));
    table.replaceWith(scroller);
    scroller.append(table);
  }
}

/** Draws a card with Teams' measures and the console's own type. Undefined when the JSON is no card. */
export function drawCard(json: CardJson, scheme: Scheme, onPress: (press: Press) => void): HTMLElement | undefined {
  const card = new AdaptiveCard();
  const config = new HostConfig(hostConfig(scheme));
  if (config.fontTypes) config.fontTypes.default.fontFamily = 'inherit';
  card.hostConfig = config;
  card.onExecuteAction = (action) => carryOut(action, onPress);
  card.onAnchorClicked = (_, anchor) => {
    openPage(anchor.href);
    return true;
  };
  card.parse(json);
  const element = card.render();
  // The page announces a card's summary; the card itself is not a stop of the keyboard.
  element?.removeAttribute('tabindex');
  if (element) letTablesScroll(element);
  return element;
}
