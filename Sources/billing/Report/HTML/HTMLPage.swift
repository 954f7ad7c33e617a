/// A page in one file: nothing from elsewhere, no script, light or dark as its reader likes it, and
/// fit for paper.
struct HTMLPage {
  let title: String
  /// What this page needs beyond what all have.
  var style = ""
  let body: HTML

  /// The policy forbids whatever could be loaded or run, should anything ever slip in.
  var text: String {
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(HTML(stringLiteral: Self.style + (style.isEmpty ? "" : "\n" + style)))
      </style>
      </head>
      <body>
      \(body)
      </body>
      </html>

      """
    return page.markup
  }

  private static let style = """
    :root { --ink: #1b1f24; --paper: #fff; --line: #d8dee4; --soft: #57606a; --mark: #0550ae;
      --wash: #f6f8fa; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --soft: #9198a1; --mark: #79c0ff;
        --wash: #161b22; --good: #3fb950; --warn: #d29922; --bad: #f85149 }
    }
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 75rem; padding: 2rem 1rem 4rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
    h1, h2, h3 { line-height: 1.2; text-wrap: balance }
    h1 { margin: 0 0 .5rem; font-size: 2rem }
    h2 { margin: 3rem 0 .75rem; font-size: 1.35rem }
    p { margin: .25rem 0; max-width: 44rem }
    .small { font-size: .875rem }
    .soft { color: var(--soft) }
    table { border-collapse: collapse; width: 100%; font-size: .9375rem }
    caption { padding: .5rem .75rem; text-align: left; font-weight: 600 }
    th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem; text-align: left;
      vertical-align: top }
    thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom }
    th, td { overflow-wrap: break-word }
    tbody th { font-weight: 600 }
    tbody th .small { font-weight: 400 }
    th.number, td.number { text-align: right; white-space: nowrap }
    .wide { overflow-x: auto }
    .wide table { border-collapse: separate; border-spacing: 0 }
    .wide th:first-child { position: sticky; left: 0; background: var(--paper) }
    @media (max-width: 56rem) {
      .wide table { font-size: .875rem }
      .wide th, .wide td { padding: .4rem .5rem; overflow-wrap: normal }
    }
    @media screen and (max-width: 52rem) {
      .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
        clip-path: inset(50%) }
      .stacks tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line) }
      .stacks th, .stacks td, .stacks th.number, .stacks td.number { display: flex; gap: 1rem;
        justify-content: space-between; padding: .125rem 0; border: 0; text-align: right;
        white-space: normal; overflow-wrap: anywhere }
      .stacks tbody th { text-align: left }
      .stacks td::before { content: attr(data-label); flex: none; color: var(--soft) }
    }
    @media (max-width: 40rem) { h1 { font-size: 1.6rem } }
    @media print {
      :root { --ink: #000; --paper: #fff; --line: #bbb; --soft: #444; --mark: #0550ae;
        --wash: #f6f8fa; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e }
      @page { margin: 15mm }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
      body { max-width: none; padding: 0; font-size: 10pt }
      article, figure, tr, .card { break-inside: avoid }
      h2, caption { break-after: avoid }
      .wide { overflow: visible }
    }
    """
}
