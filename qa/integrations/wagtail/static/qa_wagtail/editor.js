/* Shows the findings of the saved draft beside their fields, and repairs or dismisses them.

   Everything is built of text nodes: nothing that stands in a page is ever markup here.  */
(() => {
  'use strict';

  const pattern = document.currentScript.dataset.qaFindings;
  const form = document.querySelector('[data-edit-form]');
  if (!form) return;
  /* Where to ask about the page, once it has been saved for the first time; null before that. */
  const address = () => {
    const page = window.location.pathname.match(/\/pages\/(\d+)\/edit\/$/);
    return page && pattern.replace('/0/', `/${page[1]}/`);
  };
  let revision = 0;
  let asked = 0;
  let edited = false;

  /* An element with attributes and children; strings become text. */
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => {
      if (key === 'click') made.addEventListener('click', value);
      else made.setAttribute(key, value);
    });
    made.append(...children);
    return made;
  };

  const send = async (path, body) => {
    const answer = await fetch(address() + path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Content-Type': 'application/json',
        'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value,
      },
      body: JSON.stringify(body),
    });
    const json = (answer.headers.get('Content-Type') || '').startsWith('application/json');
    const found = json ? await answer.json() : {};
    if (!answer.ok) throw new Error(found.error || `The server answered ${answer.status}.`);
    return found;
  };

  const say = (text) => {
    const status = document.getElementById('qa-status');
    if (status) status.textContent = text;
  };

  const busy = (on) => {
    document.querySelectorAll('.qa-findings button, .qa-summary button').forEach((button) => {
      button.disabled = on;
    });
  };

  /* Save what was typed, as Wagtail does by itself a moment later: a repair starts from the saved draft. */
  const save = async (tries = 5) => {
    const body = new FormData(form);
    const own = form.dataset.wAutosaveRevisionIdValue; // the draft that Wagtail goes on with
    if (own && own !== '0') body.set('overwrite_revision_id', own);
    const headers = { Accept: 'application/json' };
    const answer = await fetch(form.action, { method: 'POST', credentials: 'same-origin', headers, body });
    const found = await answer.json();
    if (answer.ok) {
      form.dataset.wAutosaveRevisionIdValue = found.revision_id;
      Object.entries(found.field_updates || {}).forEach(([name, value]) => {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      });
      return;
    }
    if (found.error_code !== 'invalid_revision' || !tries) throw new Error(found.error_message);
    await new Promise((resolve) => setTimeout(resolve, 500)); // Wagtail is saving at this moment
    await save(tries - 1);
  };

  /* Repairs change the saved draft, so the page is loaded again with it. */
  const repair = async (apply) => {
    busy(true);
    try {
      if (edited) {
        await save();
        revision = (await ask()).revision;
      }
      const done = await send('repair/', { revision, apply });
      if (done.repaired) {
        document.addEventListener('w-unsaved:confirm', (event) => event.preventDefault()); // all is saved
        window.location.assign(window.location.pathname);
      } else throw new Error(done.refused.join(' ') || 'There was nothing to repair.');
    } catch (error) {
      say(error.message);
      busy(false);
    }
  };

  const dismiss = async (finding, ignored) => {
    busy(true);
    try {
      await send('ignore/', { fingerprint: finding.fingerprint, ignored, text: finding.excerpt[1] });
      await load();
    } catch (error) {
      say(error.message);
      busy(false);
    }
  };

  const shown = (finding, ignored) => {
    const [before, marked, after] = finding.excerpt;
    const actions = element('div', { class: 'qa-actions' });
    if (!ignored) {
      finding.suggestions.slice(0, 3).forEach((text, number) => {
        const label = text.trim() ? `Replace with “${text}”` : 'Delete';
        const apply = [{ fingerprint: finding.fingerprint, suggestion: number }];
        actions.append(
          element('button', { type: 'button', class: 'button button-small', click: () => repair(apply) }, label),
        );
      });
    }
    const label = ignored ? 'Report again' : 'Ignore';
    actions.append(
      element(
        'button',
        {
          type: 'button',
          class: 'button button-small button-secondary',
          'aria-label': `${label}: ${marked}`,
          click: () => dismiss(finding, !ignored),
        },
        label,
      ),
    );
    return element(
      'li',
      { class: `qa-finding qa-${finding.severity}`, 'data-qa-fingerprint': finding.fingerprint },
      element('p', { class: 'qa-message' }, element('strong', {}, finding.severity), ` ${finding.message}`),
      element('p', { class: 'qa-excerpt' }, before, element('mark', {}, marked || '‸'), after),
      actions,
    );
  };

  /* Where the editor has a text: the innermost element that its content path leads to. */
  const place = (path) => {
    let found = form;
    path.split('.').forEach((name) => {
      found = found.querySelector(`[data-contentpath="${CSS.escape(name)}"]`) || found;
    });
    return found;
  };

  const list = (field) => {
    const box = element('div', { class: 'qa-findings', role: 'group', 'aria-label': 'Defects of translation' });
    if (field.findings.length) box.append(element('ul', {}, ...field.findings.map((each) => shown(each, false))));
    if (field.ignored.length) {
      box.append(
        element(
          'details',
          {},
          element('summary', {}, `${field.ignored.length} ignored`),
          element('ul', {}, ...field.ignored.map((each) => shown(each, true))),
        ),
      );
    }
    return box;
  };

  const summary = (report) => {
    const findings = report.fields.flatMap((field) => field.findings);
    const safe = findings.filter((each) => each.safety === 'safe');
    const others = findings.filter((each) => each.safety !== 'safe' && each.suggestions.length);
    const verdict = {
      block: 'This draft cannot be published.',
      warn: 'This draft can be published, but look at it again.',
      pass: 'No defects that stand in the way of publishing.',
    }[report.gate];
    const box = element(
      'section',
      { class: `qa-summary qa-gate-${report.gate}`, 'aria-label': 'Quality of the translation' },
      element('p', {}, element('strong', {}, verdict), ` ${report.reasons.join(' ')}`),
    );
    const actions = element('div', { class: 'qa-actions' });
    const offer = (label, apply) =>
      actions.append(element('button', { type: 'button', class: 'button button-small', click: () => repair(apply) }, label));
    if (safe.length) offer(`Apply the safe repairs (${safe.length})`, 'safe');
    if (others.length) {
      const all = [...safe, ...others].map((each) => each.fingerprint);
      offer(`Apply all repairs, to be read afterwards (${all.length})`, all);
    }
    if (actions.children.length) box.append(actions);
    box.append(element('p', { id: 'qa-status', role: 'status' }));
    return box;
  };

  const ask = async () => {
    const answer = await fetch(address(), { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    return answer.json();
  };

  const load = async () => {
    if (!address()) return;
    asked += 1;
    const number = asked;
    let report;
    try {
      report = await ask();
    } catch (error) {
      report = { revision, gate: 'warn', fields: [], reasons: [`The text could not be checked. ${error.message}`] };
    }
    if (number !== asked) return;
    revision = report.revision;
    document.querySelectorAll('.qa-findings, .qa-summary').forEach((each) => each.remove());
    form.prepend(summary(report));
    report.fields.forEach((field) => {
      const where = place(field.path);
      if (where === form) form.querySelector('.qa-summary').append(list(field));
      else where.append(list(field));
    });
  };

  const note = () => {
    edited = true;
  };
  form.addEventListener('input', note);
  document.addEventListener('w-unsaved:add', note); // what is no input: blocks that are moved, chosen images
  document.addEventListener('w-autosave:success', load);
  load();
})();
