/** The theme's form works by itself; with a script it changes the colours without a new page. */
export function themeChoice(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const chosen = ((event as SubmitEvent).submitter as HTMLButtonElement | null)?.value;
    if (form.getAttribute('action') !== '/theme' || !chosen) return;
    event.preventDefault();
    document.documentElement.dataset.theme = chosen;
    for (const button of form.querySelectorAll<HTMLButtonElement>('button[name="theme"]')) button.ariaPressed = String(button.value === chosen);
    void fetch(form.action, { method: 'POST', body: new URLSearchParams({ ...Object.fromEntries(new FormData(form) as never), theme: chosen }), redirect: 'manual' });
  });
}

/** An open menu closes at Escape and at a click outside. */
export function menus(): void {
  const close = (keep: Node | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) if (!keep || !menu.contains(keep)) menu.open = false;
  };
  document.addEventListener('click', (event) => close(event.target as Node));
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' ? document.querySelector<HTMLDetailsElement>('details.menu[open]') : null;
    if (!menu) return;
    close(null);
    menu.querySelector('summary')?.focus();
  });
}
