// The style sheet: light or dark as the reader's system, never wider than the screen.

export const STYLE = `:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #14171a);
  --ink: light-dark(#1b1f24, #e6e6e6);
  --quiet: light-dark(#4d5560, #b0b8c1);
  --link: light-dark(#0b4fb3, #8ab4f8);
  --line: light-dark(#c9ced4, #3a4149);
  --bad: light-dark(#a4000f, #ff9a9a);
  --wait: light-dark(#7a4b00, #f3c26b);
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font:
    1rem / 1.45 system-ui,
    sans-serif;
}
header,
main,
footer {
  padding: 0.75rem 1rem;
}
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1.5rem;
  border-bottom: 1px solid var(--line);
}
a {
  color: var(--link);
}
nav a {
  display: inline-block;
  padding: 0.15rem 0.4rem;
}
header form {
  margin-left: auto;
}
td form {
  display: inline-block;
  margin: 0 0.25rem 0.25rem 0;
}
button,
.button {
  display: inline-block;
  padding: 0.25rem 0.6rem;
  font: inherit;
  color: var(--paper);
  background: var(--link);
  border: 1px solid var(--link);
  border-radius: 4px;
  text-decoration: none;
  cursor: pointer;
}
button:focus-visible,
.button:focus-visible {
  outline: 3px solid var(--ink);
  outline-offset: 2px;
}
[role="status"] {
  padding: 0.4rem 0.75rem;
  border-left: 4px solid var(--link);
}
footer {
  color: var(--quiet);
  border-top: 1px solid var(--line);
}
h1 {
  font-size: 1.4rem;
  overflow-wrap: anywhere;
}
h2 {
  font-size: 1.15rem;
  overflow-wrap: anywhere;
}
a:focus-visible,
.wide:focus-visible,
main:focus-visible {
  outline: 3px solid var(--link);
  outline-offset: 2px;
}
.skip {
  position: absolute;
  left: -999rem;
}
.skip:focus {
  position: static;
  display: inline-block;
  padding: 0.5rem;
}
.wide {
  overflow-x: auto;
  max-width: 100%;
}
table {
  border-collapse: collapse;
  font-variant-numeric: tabular-nums;
}
th,
td {
  border: 1px solid var(--line);
  padding: 0.3rem 0.5rem;
  text-align: left;
  vertical-align: top;
}
td {
  white-space: nowrap;
}
th small {
  display: block;
  font-weight: normal;
  color: var(--quiet);
}
tbody th {
  position: sticky;
  left: 0;
  background: var(--paper);
  max-width: 12rem;
  overflow-wrap: anywhere;
}
.bad,
th small.bad {
  color: var(--bad);
}
.wait,
th small.wait {
  color: var(--wait);
}
.bars { display: block; width: 12rem; height: 0.9rem; }
.bars .p90 { fill: var(--line); }
.bars .median { fill: var(--link); }
.legend {
  color: var(--quiet);
}
.steps li,
section p {
  overflow-wrap: anywhere;
  margin-bottom: 0.4rem;
}
code {
  overflow-wrap: anywhere;
}
@media (max-width: 30rem) {
  tbody th {
    max-width: 7rem;
  }
}
`;
