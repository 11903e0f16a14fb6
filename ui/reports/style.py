"""The style sheet of a report: the terminal's colours and type, quiet on a screen and on paper."""

from __future__ import annotations

from typing import Final

PALETTE_NAMES: Final = (
    "ground",
    "surface",
    "sunken",
    "line",
    "ink",
    "ink2",
    "primary",
    "success",
    "warning_line",
    "error",
)

STYLE: Final = """
*{box-sizing:border-box;margin:0}
body{font:400 15px/1.55 Plex,sans-serif;color:var(--ink);background:var(--ground);
  font-variant-numeric:tabular-nums;-webkit-print-color-adjust:exact;print-color-adjust:exact}
article{max-width:1020px;margin:0 auto;padding:44px 30px 56px}
article+article{border-top:2px solid var(--line)}
header{display:flex;gap:20px;align-items:center;margin-bottom:30px}
.mark{width:72px;height:auto;flex:none}
.slogan,.period,.more,footer,.legend{color:var(--ink2)}
h1{font-size:32px;font-weight:600;line-height:1.35}
h2{font-size:19px;font-weight:600;margin-bottom:12px}
section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:20px 24px 18px;
  margin-top:18px;break-inside:avoid}
.pair{display:grid;grid-template-columns:repeat(2,1fr);gap:0 18px}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:16px 20px 14px}
.card b{display:block;font-size:34px;font-weight:600;line-height:1.35}
.more{font-size:13px;min-height:20px}
.legend{display:flex;flex-wrap:wrap;gap:6px 22px;font-size:14px;margin-bottom:6px}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-inline-end:7px}
table{width:100%;border-collapse:collapse}
th{font-weight:400;font-size:13px;color:var(--ink2);text-align:start;padding:0 8px 6px;white-space:nowrap}
tr{break-inside:avoid}
.breaks{break-inside:auto}
td{padding:8px;border-top:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{padding-inline-start:0}
th:last-child,td:last-child{padding-inline-end:0}
.counts tr:first-child td{border-top:0}
.name{font-weight:600;white-space:normal;width:29%}
.long{width:52%;font-weight:400}
.chart{width:34%}
.bar{display:block;width:100%;border-radius:4px}
.columns{display:block;width:100%;height:auto}
.columns text{font:400 13px Plex,sans-serif;text-anchor:middle;fill:var(--ink2)}
.columns .figure{font-weight:600;fill:var(--ink)}
.floor{stroke:var(--line);stroke-width:1.5}
.track{fill:var(--sunken)}
.finished{fill:var(--success);background:var(--success)}
.kept{fill:var(--primary);background:var(--primary)}
.left{fill:var(--warning-line);background:var(--warning-line)}
.failed{fill:var(--error);background:var(--error)}
.rated{fill:var(--primary)}
footer{font-size:13px;margin-top:20px;display:grid;gap:2px}
@media (max-width:720px){.cards{grid-template-columns:repeat(2,1fr)}.pair{grid-template-columns:1fr}}
@page{size:A4;margin:12mm}
@media print{body{background:none;font-size:12px}article{padding:0}article+article{border:0;break-before:page}
  section,.card{padding:12px 16px}td{padding:4px 8px}h1{font-size:26px}.card b{font-size:26px}}
"""
