// Ce que le test d'accessibilité demande à la page. Posé par Playwright, jamais servi par le produit.
window.regard = (() => {
  const ATTEIGNABLES =
    'a[href], button, input:not([type="hidden"]), select, textarea, summary, iframe, [tabindex], [contenteditable="true"]';

  const nommer = (e) => {
    const texte = (e.getAttribute("aria-label") || e.innerText || e.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}> ${texte}`.trim();
  };

  // Un groupe de boutons radio n'a qu'un arrêt de tabulation : le coché, sinon le premier.
  const estArretDeRadio = (e) => {
    if (e.type !== "radio") return true;
    const groupe = [...document.querySelectorAll(`input[type="radio"][name="${CSS.escape(e.name)}"]`)].filter(
      (r) => r.form === e.form && !r.disabled,
    );
    return e === (groupe.find((r) => r.checked) || groupe[0]);
  };

  const aspect = (e) => {
    const s = getComputedStyle(e);
    const contour = s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? "" : s.outline;
    return [contour, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join("|");
  };

  let arrets = [];
  let aspects = new Map();
  return {
    /** Recense ce qui doit se prendre au clavier, et son aspect au repos. */
    recenser() {
      // Un champ pris d'office (connexion) ne doit pas cacher ce qui le précède : on repart du haut de la page.
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
      arrets = [...document.querySelectorAll(ATTEIGNABLES)].filter(
        (e) =>
          e.tabIndex >= 0 &&
          !e.disabled &&
          !e.closest("[inert]") &&
          e.checkVisibility({ visibilityProperty: true }) &&
          estArretDeRadio(e),
      );
      aspects = new Map(arrets.map((e) => [e, aspect(e)]));
      return arrets.length;
    },
    /** Rang de l'élément qui a le focus (-1 : hors de la page), et s'il se voit qu'il l'a. */
    ici() {
      const e = document.activeElement;
      const boite = e.getBoundingClientRect();
      const vu = aspects.get(e) !== aspect(e) && boite.width > 0 && boite.height > 0;
      return { rang: arrets.indexOf(e), vu, nom: nommer(e) };
    },
    noms: () => arrets.map(nommer),
    /** Ce qui dépasse de la largeur de la fenêtre, hors des zones qui défilent d'elles-mêmes. */
    debordements() {
      const largeur = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= largeur) return [];
      const defile = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || defile(e.parentElement));
      const trop = [...document.body.querySelectorAll("*")].filter(
        (e) => e.getBoundingClientRect().right > largeur + 0.5 && !defile(e.parentElement),
      );
      return trop.length ? trop.slice(0, 5).map(nommer) : [`${document.documentElement.scrollWidth} px`];
    },
  };
})();
