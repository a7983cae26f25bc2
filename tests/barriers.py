"""Whether a page in a browser has a barrier (axe), and nothing looked at twice that must come to the same.

What hangs on the width is looked at at each, the rest at the narrow one, unless another width shows other elements.
Colours, most of the work, are compared at the narrow one, and of texts that look alike (in colour, size and weight, on
the same grounds) until one was found good. With COMITY_EVERY_RULE set all is looked at each time.
"""

import os
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKED_AT = """async ({narrow, colours, everything, good}) => {
  const told = {preload: false, elementRef: true};
  const run = (where, more) => axe.run(where, {...told, resultTypes: ['violations'], ...more});
  const ofColours = {runOnly: ['color-contrast']}, broken = [], learnt = new Set();
  const all = [...document.querySelectorAll('body, body *')];
  const keep = found => broken.push(...found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html}`)));
  if (!colours) {
    const seen = all.map(one => +one.checkVisibility()).join('');
    const same = !narrow && !everything && seen === window.seenAtNarrow;
    if (narrow) window.seenAtNarrow = seen;
    keep(await run(document, same ? {runOnly: ['scrollable-region-focusable']}
                                  : {rules: {'color-contrast': {enabled: false}}}));
  }
  if (everything) keep(await run(document, ofColours));
  else if (narrow) {
    const grounds = new Map([[null, '']]);
    const ground = one => {
      if (!grounds.has(one)) {
        const is = getComputedStyle(one), place = [is.position, is.float, is.transform].join(' ');
        const own = [is.backgroundColor, is.backgroundImage, is.opacity, is.filter, is.mixBlendMode,
                     place === 'static none none' ? '' : place + one.tagName + one.className].join(' ');
        const plain = 'rgba(0, 0, 0, 0) none 1 none normal ';
        grounds.set(one, ground(one.parentElement) + (own === plain ? '' : `/${own}`));
      }
      return grounds.get(one);
    };
    const look = one => {
      const is = getComputedStyle(one);
      return [is.color, is.fontSize, is.fontWeight, is.textShadow, is.webkitTextStroke, ground(one)].join(' ');
    };
    const holdsText = one => one.matches('input, select, textarea')
      || [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const known = new Set(good), looks = new Map();
    for (const one of all) if (holdsText(one) && one.checkVisibility()) {
      const its = look(one);
      if (!known.has(its)) looks.set(one, its);
    }
    if (looks.size) {
      const found = await run({include: [...looks.keys()]}, {...ofColours, resultTypes: ['violations', 'passes']});
      keep(found);
      for (const node of found.passes.flatMap(rule => rule.nodes))  // what is out of sight passes uncompared
        if (node.any.some(check => check.data?.contrastRatio)) learnt.add(looks.get(node.element));
    }
  }
  return [broken, [...learnt].filter(Boolean)];
}"""


@dataclass(slots=True)
class Barriers:
    """The check, which remembers the looks of texts that were found good: call it with a page."""

    everything: bool = field(default_factory=lambda: bool(os.environ.get("COMITY_EVERY_RULE")))
    good: set[str] = field(default_factory=set)
    axe: str = field(default_factory=lambda: Axe().axe_script)
    met: WeakSet[Page] = field(default_factory=WeakSet)

    def __call__(self, page: Page, *, narrow: bool, colours: bool = False) -> None:
        """Raise with each rule that is broken and where.

        With `colours` it looks at nothing else: for a page that was looked at in full and has only changed its scheme.
        """
        if colours and not (narrow or self.everything):
            return
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe)
            if page in self.met:  # it comes by itself from now on, in a quarter of the time
                page.add_init_script(self.axe)
            self.met.add(page)
        asked: dict[str, Any] = {"narrow": narrow, "colours": colours, "everything": self.everything}
        broken, learnt = page.evaluate(LOOKED_AT, asked | {"good": sorted(self.good)})
        self.good |= set(learnt)
        assert not broken, "\n".join(broken)
