(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const all = (selector, of) => Array.from((of || document).querySelectorAll(selector));
  document.documentElement.classList.add('js');
  all('.tools [hidden]').forEach((e) => { e.hidden = false; });

  // A link to a line unfolds what it is in, and shows it though it is filtered out.
  const reveal = () => {
    const target = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest('details[hidden]')) { $('q').value = ''; filter(); }
    const at = /\bs(\d+)\b/.exec(target.className);
    const toggle = target.matches('.log li') && at && document.querySelector('.t' + at[1]);
    if (toggle) toggle.checked = true;
    for (let e = target; e; e = e.parentElement) { if (e.tagName === 'DETAILS') e.open = true; }
    target.scrollIntoView({ block: target.tagName === 'LI' ? 'center' : 'start' });
  };

  // Only lines with what is asked for.
  const q = $('q');
  let lines = null;
  const filter = () => {
    const want = q.value.toLowerCase();
    lines = lines || all('.log li');
    let hits = 0;
    for (const li of lines) {
      const hit = want === '' || li.textContent.toLowerCase().includes(want);
      if (li.hidden === hit) li.hidden = !hit;
      if (hit) hits++;
    }
    document.documentElement.classList.toggle('filtered', want !== '');
    for (const d of all('.log details')) {
      d.hidden = want !== '' && !d.querySelector('li:not([hidden])');
      if (want === '') { if ('was' in d.dataset) { d.open = d.dataset.was === '1'; delete d.dataset.was; } continue; }
      if (!('was' in d.dataset)) d.dataset.was = d.open ? '1' : '0';
      d.open = !d.hidden;
    }
    $('hits').textContent = want === '' ? '' : hits === 1 ? '1 line' : hits.toLocaleString('en') + ' lines';
  };
  let soon = 0;
  q.addEventListener('input', () => { clearTimeout(soon); soon = setTimeout(filter, 150); });
  document.addEventListener('keydown', (e) => {
    const typing = e.target.closest('input:not([type=checkbox]), textarea');
    if (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); q.focus(); q.select(); }
    if (e.key === 'Escape' && typing) { q.value = ''; filter(); }
  });

  // A click on a line's time makes a link to the line.
  $('log').addEventListener('click', (e) => {
    const li = e.target.tagName === 'I' && e.target.closest('.log li');
    if (li) location.hash = li.id;
  });
  $('unfold').addEventListener('click', () => all('.log details').forEach((d) => { d.open = true; }));
  $('fold').addEventListener('click', () => all('.log details').forEach((d) => { d.open = false; }));

  // Tables are sorted by a click on a column's head.
  const value = (row, i) => {
    const cell = row.cells[i];
    return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const sort = (table, head, i) => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row) => [value(row, i), row]);
    rows.sort(([a], [b]) => typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true }));
    if (down) rows.reverse();
    body.append(...rows.map(([, row]) => row));
    for (const th of table.tHead.rows[0].cells) th.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  };
  for (const table of all('table.steps')) {
    Array.from(table.tHead.rows[0].cells).forEach((head, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      button.addEventListener('click', () => sort(table, head, i));
      head.replaceChildren(button);
    });
  }

  addEventListener('beforeprint', () => all('details.all').forEach((d) => { d.open = true; }));
  addEventListener('hashchange', reveal);
  reveal();
})();
