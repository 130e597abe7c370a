const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * The Markdown our own cards use, as safe HTML: `**bold**` and backslash escapes, nothing else. Links, images, lists and
 * HTML in the text stay text. For hosts of ours that draw cards; Teams has its own.
 */
export function processMarkdown(text: string): string {
  const parts = text.split(/(\\[!-/:-@[-`{-~]|\*\*)/);
  const marks = parts.filter((part) => part === '**').length;
  let open = 0;
  const html = parts.map((part) => {
    if (part === '**' && (open < marks - 1 || open % 2 === 1)) {
      open += 1;
      return open % 2 === 1 ? '<strong>' : '</strong>';
    }
    return escapeHtml(/^\\[!-/:-@[-`{-~]$/.test(part) ? part.slice(1) : part);
  });
  return `<p>${html.join('')}</p>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
