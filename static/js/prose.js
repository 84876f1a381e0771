/* L'éditeur d'une section : des boutons qui tapent les signes, un brouillon gardé sur l'appareil. Sans lui, tout s'écrit. */
"use strict";

(function () {
  const formulaire = document.querySelector("form[data-prose]");
  const zone = formulaire && formulaire.querySelector("textarea");
  if (!zone) {
    return;
  }
  const CLE = "treille-prose-" + formulaire.dataset.prose;

  /* Taper à la place de la personne : `execCommand` garde « annuler » ; à défaut, on remplace le texte. */
  function taper(debut, fin, texte) {
    zone.focus();
    zone.setSelectionRange(debut, fin);
    if (!document.execCommand("insertText", false, texte)) {
      zone.setRangeText(texte, debut, fin, "end");
      zone.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function debutDeLigne(place) {
    return zone.value.lastIndexOf("\n", place - 1) + 1;
  }

  /* Met le signe devant chaque ligne choisie ; une seconde fois, l'ôte. */
  function enTeteDeLigne(signe) {
    const debut = debutDeLigne(zone.selectionStart);
    const fin = Math.max(zone.selectionEnd, debut);
    const suite = zone.value.indexOf("\n", fin);
    const bout = suite < 0 ? zone.value.length : suite;
    const lignes = zone.value.slice(debut, bout).split("\n");
    const toutes = lignes.every(function (ligne) {
      return ligne.startsWith(signe);
    });
    const ecrites = lignes.map(function (ligne, rang) {
      if (toutes) {
        return ligne.slice(signe.length);
      }
      return (signe === "1. " ? rang + 1 + ". " : signe) + ligne;
    });
    taper(debut, bout, ecrites.join("\n"));
  }

  function autour(signe) {
    const debut = zone.selectionStart;
    const fin = zone.selectionEnd;
    const choisi = zone.value.slice(debut, fin);
    taper(debut, fin, signe + choisi + signe);
    if (!choisi) {
      zone.setSelectionRange(debut + signe.length, debut + signe.length);
    }
  }

  /* Un bloc à lui, séparé de ses voisins par une ligne vide. */
  function enBloc(texte) {
    const place = zone.selectionEnd;
    const avant = zone.value.slice(0, place);
    const apres = zone.value.slice(place);
    const devant = !avant ? "" : avant.endsWith("\n\n") ? "" : avant.endsWith("\n") ? "\n" : "\n\n";
    const derriere = apres.startsWith("\n\n") ? "" : apres.startsWith("\n") ? "\n" : "\n\n";
    taper(place, place, devant + texte + derriere);
  }

  document.querySelectorAll("[data-ligne], [data-autour], [data-bloc]").forEach(function (bouton) {
    bouton.hidden = false;
    bouton.addEventListener("click", function () {
      if (bouton.dataset.ligne) {
        enTeteDeLigne(bouton.dataset.ligne);
      } else if (bouton.dataset.autour) {
        autour(bouton.dataset.autour);
      } else {
        enBloc(bouton.dataset.bloc);
      }
    });
  });
  formulaire.querySelector("[data-barre]").hidden = false;

  /* Le brouillon : ce qu'on tape, gardé tant que ce n'est pas enregistré. Un appareil qui refuse n'empêche rien. */
  function garder() {
    try {
      localStorage.setItem(CLE, zone.value);
      formulaire.querySelector("[data-garde]").hidden = false;
    } catch (faute) {
      /* plein, ou fermé : on écrit sans filet, comme avant. */
    }
  }

  function oublier() {
    try {
      localStorage.removeItem(CLE);
    } catch (faute) {
      /* rien n'y était. */
    }
  }

  function garde() {
    try {
      return localStorage.getItem(CLE);
    } catch (faute) {
      return null;
    }
  }

  if (window.location.hash === "#enregistre") {
    oublier();
    history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  const brouillon = garde();
  const reprise = formulaire.querySelector("[data-reprise]");
  if ("auRepos" in formulaire.dataset && brouillon !== null) {
    if (brouillon.trim() === zone.value.trim()) {
      oublier();
    } else {
      reprise.hidden = false;
    }
  }
  formulaire.querySelector("[data-reprendre]").addEventListener("click", function () {
    taper(0, zone.value.length, garde() || "");
    reprise.hidden = true;
    zone.focus();
  });
  formulaire.querySelector("[data-oublier]").addEventListener("click", function () {
    oublier();
    reprise.hidden = true;
    zone.focus();
  });

  let attente = 0;
  zone.addEventListener("input", function () {
    /* Tant qu'on n'a pas dit que faire du brouillon d'avant, celui-ci ne l'écrase pas. */
    if (!reprise.hidden) {
      return;
    }
    window.clearTimeout(attente);
    attente = window.setTimeout(garder, 400);
  });
  formulaire.addEventListener("submit", function () {
    window.clearTimeout(attente);
    if (reprise.hidden) {
      garder();
    }
  });
})();
