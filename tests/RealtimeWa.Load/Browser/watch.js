// Runs in the product's page. Says when a message of the load tool was in the DOM and when it was painted, and when Send was clicked.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = new Map();
  const clicks = [];
  window.loadTool = { seen, clicks, now };

  const look = root => {
    const found = [];
    const messages = root.matches?.('[data-testid=message]') ? [root] : root.querySelectorAll?.('[data-testid=message]') ?? [];
    for (const message of messages) {
      // The full stop ends the mark: what stands behind it in a bubble is the time of day.
      const mark = /load-[0-9a-z-]+\./.exec(message.textContent)?.[0];
      if (mark && !seen.has(mark)) found.push(mark);
    }
    return found;
  };

  new MutationObserver(records => {
    const dom = now();
    const fresh = new Set();
    for (const { target, addedNodes } of records) {
      const around = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest?.('[data-testid=message]');
      if (around) look(around).forEach(mark => fresh.add(mark));
      for (const node of addedNodes) look(node).forEach(mark => fresh.add(mark));
    }
    if (fresh.size === 0) return;
    const times = { dom };
    for (const mark of fresh) seen.set(mark, times);
    requestAnimationFrame(() => {
      times.frame = now();
      // The callbacks of a frame run before it is painted; a message posted from one is handled right after.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (times.painted = now());
      port2.postMessage(0);
    });
  }).observe(document, { childList: true, subtree: true, characterData: true });

  addEventListener('click', event => {
    if (event.target.closest?.('[data-testid=send]')) clicks.push(performance.timeOrigin + event.timeStamp);
  }, { capture: true });
})();
