export interface PageParts {
  /** `webview.cspSource`: where the page's own files come from. */
  cspSource: string;
  /** Random, new for every page. */
  nonce: string;
  scriptUri: string;
  styleUris: readonly string[];
}

/**
 * The toolkit's controls try out `:focus-visible` with an empty style element when they load: this is the hash
 * of the empty text, so nothing else is allowed by it.
 */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** What a page is called, and the element that its script fills. */
interface PageName {
  title: string;
  root: string;
}

/** The HTML of the results page; see {@link pageHtml}. */
export function resultsHtml(parts: PageParts): string {
  return pageHtml(parts, { title: 'Results', root: 'results' });
}

/**
 * The HTML of a page. It has no inline script or style: the page is built by its script, and its
 * Content Security Policy allows nothing but the extension's own files. Throws nothing.
 */
export function pageHtml(
  { cspSource, nonce, scriptUri, styleUris }: PageParts,
  { title, root }: PageName,
): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} ${EMPTY_STYLE}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  const styles = styleUris.map((uri) => `<link rel="stylesheet" href="${attribute(uri)}">`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${styles.join('\n')}
</head>
<body>
<main id="${root}"></main>
<script type="module" nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>
`;
}
