/* Treille — la grille des droits d'accès au clavier : flèches, lettres, coller un bloc. Sans ce script, les mêmes menus
   se choisissent un à un, et le bloc se colle dans la zone prévue ; c'est toujours le serveur qui le lit. */
"use strict";

(function () {
  const DROITS = { a: "aucun", l: "lecture", e: "ecriture", v: "validation", d: "administration" };
  const PORTEES = { t: "toutes", u: "unite", s: "suivies" };
  const RANGS = Object.values(DROITS);
  const PAS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

  function conduire(formulaire) {
    const grille = [...formulaire.querySelectorAll(".droits-saisie tbody tr")].map((rang) => [...rang.querySelectorAll("select")]);
    const toutes = grille.flat();
    const resume = formulaire.querySelector("[data-changees]");
    const depart = new Map(
      formulaire.elements.depart.value
        .split(" ")
        .filter(Boolean)
        .map((morceau) => morceau.split("=")),
    );
    let envoyee = false;

    const origine = (menu) => depart.get(menu.name.slice(2)) || "aucun";
    const changees = () => toutes.filter((menu) => menu.value !== origine(menu)).length;

    function peindre(menu) {
      const rang = RANGS.indexOf(menu.value.split(":")[0]);
      menu.parentElement.className = menu.parentElement.className.replace(/\br\d\b/, "r" + rang);
    }

    function compter() {
      const nombre = changees();
      const texte = nombre ? nombre + (nombre > 1 ? " cases changées, pas encore enregistrées" : " case changée, pas encore enregistrée") : "";
      if (resume.textContent !== texte) {
        resume.textContent = texte;
      }
    }

    function choisir(menu, valeur) {
      menu.value = valeur;
      peindre(menu);
      compter();
    }

    function aller(menu, pas) {
      const rang = grille.findIndex((ligne) => ligne.includes(menu));
      const colonne = grille[rang].indexOf(menu);
      const but = (grille[rang + pas[0]] || [])[colonne + pas[1]];
      if (but) {
        but.focus();
        but.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }

    function frapper(evenement) {
      const menu = evenement.target;
      if (!toutes.includes(menu) || evenement.ctrlKey || evenement.metaKey || evenement.altKey) {
        return;
      }
      const touche = evenement.key;
      const lettre = touche.toLowerCase();
      const [droit, portee] = menu.value.split(":");
      if (PAS[touche]) {
        evenement.preventDefault();
        aller(menu, PAS[touche]);
      } else if (touche === "Home" || touche === "End") {
        evenement.preventDefault();
        const ligne = grille.find((menus) => menus.includes(menu));
        ligne[touche === "Home" ? 0 : ligne.length - 1].focus();
      } else if (DROITS[lettre]) {
        evenement.preventDefault();
        choisir(menu, lettre === "a" ? "aucun" : DROITS[lettre] + ":" + (portee || "unite"));
      } else if (touche === "Delete" || touche === "Backspace") {
        evenement.preventDefault();
        choisir(menu, "aucun");
      } else if (PORTEES[lettre]) {
        evenement.preventDefault();
        if (droit !== "aucun") {
          choisir(menu, droit + ":" + PORTEES[lettre]);
        }
      }
    }

    /* Le bloc part au serveur, qui le lit, le pose ou dit où il ne le comprend pas ; rien n'est enregistré. */
    function coller(evenement) {
      const menu = document.activeElement.closest(".droits-saisie select");
      const texte = evenement.clipboardData && evenement.clipboardData.getData("text/plain");
      if (!menu || !texte) {
        return;
      }
      evenement.preventDefault();
      formulaire.elements.case.value = menu.name;
      formulaire.elements.bloc.value = texte;
      formulaire.requestSubmit(formulaire.querySelector("[data-coller]"));
    }

    formulaire.addEventListener("keydown", frapper);
    document.addEventListener("paste", coller);
    formulaire.addEventListener("change", (evenement) => {
      if (toutes.includes(evenement.target)) {
        peindre(evenement.target);
        compter();
      }
    });
    formulaire.addEventListener("submit", () => {
      envoyee = true;
    });
    window.addEventListener("beforeunload", (evenement) => {
      if (!envoyee && changees()) {
        evenement.preventDefault();
      }
    });
    /* Un menu peut avoir gardé un choix d'avant (retour du navigateur) : la couleur suit. */
    toutes.forEach(peindre);
    compter();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-matrice]").forEach(conduire);
  });
})();
