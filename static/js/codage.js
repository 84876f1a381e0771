/* Treille — coder : un constat complet s’enregistre seul, et dit où l’on en est. Sans ce fichier, le bouton suffit. */
"use strict";

(function () {
  const formulaire = document.querySelector("[data-codage]");
  if (!formulaire || !window.fetch) return;
  const etat = document.querySelector("[data-etat-codage]");
  const mien = document.querySelector("[data-mien]");
  const dire = (texte) => etat && (etat.textContent = texte);
  let file = Promise.resolve();

  /* Ce que porte un constat : ses champs seulement, et le jeton. */
  function champsDe(section) {
    const envoi = new FormData();
    const debut = section.dataset.prefixe + "-";
    for (const [nom, valeur] of new FormData(formulaire)) {
      if (nom === "csrfmiddlewaretoken" || nom.startsWith(debut)) envoi.append(nom, valeur);
    }
    return envoi;
  }

  function estComplet(section) {
    const envoi = champsDe(section);
    return ["theme", "sens", "force", "preuve"].every((code) => envoi.get(section.dataset.prefixe + "-" + code));
  }

  async function envoyer(section) {
    try {
      const reponse = await fetch(window.location.pathname, {
        method: "POST",
        body: champsDe(section),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!reponse.ok) throw new Error(String(reponse.status));
      const lu = await reponse.json();
      if (lu.fautes.length) {
        section.querySelector("[data-code-dit]").textContent = "Pas encore enregistré";
        dire("Pas encore enregistré. " + lu.fautes.join(" "));
      }
      if (!lu.ecrits.length) return;
      section.classList.add("est-code");
      section.querySelector("[data-code-dit]").textContent = "Codé, enregistré";
      const compte = lu.faits + (lu.faits > 1 ? " constats" : " constat") + " sur " + lu.sur;
      if (mien) mien.textContent = compte;
      dire("Enregistré : " + compte + (lu.faits >= lu.sur ? ". Vous avez tout codé." : "."));
    } catch (faute) {
      section.querySelector("[data-code-dit]").textContent = "Pas encore enregistré";
      dire("Rien n’est perdu, mais ce constat n’a pas pu être enregistré : utilisez le bouton.");
    }
  }

  formulaire.addEventListener("change", function (evenement) {
    const section = evenement.target.closest("[data-constat]");
    /* L’un après l’autre : deux envois du même constat ne se doublent pas. */
    if (section && estComplet(section)) file = file.then(() => envoyer(section));
  });
})();
