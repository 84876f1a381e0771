/* Treille — déplacer une date au clavier. Le formulaire marche sans lui : il ne fait que le remplir. */
"use strict";

(function () {
  function dire(texte) {
    const annonce = document.getElementById("annonce");
    if (annonce) {
      annonce.textContent = texte;
    }
  }

  function lire(iso) {
    return new Date(iso + "T00:00:00Z");
  }

  function iso(jour) {
    return jour.toISOString().slice(0, 10);
  }

  function enMots(jour) {
    return jour.toLocaleDateString("fr-FR", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  function plusJours(jour, nombre) {
    return new Date(jour.getTime() + nombre * 86400000);
  }

  /* Un mois plus tard, le même jour, ou le dernier du mois s'il est plus court. */
  function plusMois(jour, nombre) {
    const rendu = new Date(Date.UTC(jour.getUTCFullYear(), jour.getUTCMonth() + nombre, 1));
    const dernier = new Date(Date.UTC(rendu.getUTCFullYear(), rendu.getUTCMonth() + 1, 0)).getUTCDate();
    rendu.setUTCDate(Math.min(jour.getUTCDate(), dernier));
    return rendu;
  }

  function suivre(formulaire) {
    const rang = formulaire.closest("[data-parcours]");
    const parJour = Number(formulaire.closest("[data-par-jour]").dataset.parJour);
    const depart = new Map();

    /* Ce qui est prévu bouge sur le dessin ; ce qui est fait, et la référence, restent. */
    function glisser(etat, jours) {
      const barres = rang.querySelectorAll(".b-prevue[data-etat='" + etat + "'], .b-glissee[data-etat='" + etat + "']");
      const mots = rang.querySelectorAll(".m-prevue[data-etat='" + etat + "'], .m-glissee[data-etat='" + etat + "']");
      [...barres, ...mots].forEach(function (trait) {
        trait.setAttribute("transform", "translate(" + jours * parJour + " 0)");
      });
    }

    function montrer(poignee, jour) {
      const ecart = Math.round((jour - depart.get(poignee)) / 86400000);
      poignee.dataset.le = iso(jour);
      poignee.querySelector("[data-jour]").textContent = enMots(jour);
      glisser(poignee.dataset.etat, ecart);
    }

    formulaire.querySelectorAll(".poignee-date").forEach(function (poignee) {
      const saisie = formulaire.elements[poignee.dataset.etat];
      depart.set(poignee, lire(poignee.dataset.le));
      let posee = saisie.value ? lire(saisie.value) : depart.get(poignee);
      poignee.hidden = false;
      montrer(poignee, posee);

      function remettre(texte) {
        if (poignee.dataset.le !== iso(posee)) {
          montrer(poignee, posee);
          dire(texte);
        }
      }

      poignee.addEventListener("keydown", function (evenement) {
        const pas = { ArrowLeft: -1, ArrowRight: 1 }[evenement.key];
        const jour = lire(poignee.dataset.le);
        if (pas) {
          evenement.preventDefault();
          const suivant = evenement.shiftKey ? plusMois(jour, pas) : plusJours(jour, 7 * pas);
          montrer(poignee, suivant);
          dire(poignee.dataset.nom + " : " + enMots(suivant) + ".");
        } else if (evenement.key === "Enter" && poignee.dataset.le !== iso(posee)) {
          evenement.preventDefault();
          posee = jour;
          saisie.value = iso(jour);
          dire(poignee.dataset.nom + " : " + enMots(jour) + ", dans le formulaire. Entrée pour enregistrer.");
          formulaire.querySelector("[type=submit]").focus();
        } else if (evenement.key === "Escape") {
          evenement.preventDefault();
          remettre(poignee.dataset.nom + " : annulé, toujours le " + enMots(posee) + ".");
        }
      });
      poignee.addEventListener("blur", function () {
        remettre(poignee.dataset.nom + " : annulé, toujours le " + enMots(posee) + ".");
      });
      saisie.addEventListener("change", function () {
        posee = saisie.value ? lire(saisie.value) : depart.get(poignee);
        montrer(poignee, posee);
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-deplacer]").forEach(suivre);
  });

  /* On arrive par « déplacer » : la première étape prend le foyer. Après « load » : l'ancre de l'adresse le retire. */
  window.addEventListener("load", function () {
    window.setTimeout(function () {
      const premiere = document.querySelector("[data-deplacer] .poignee-date");
      if (premiere && document.activeElement === document.body) {
        premiere.focus({ preventScroll: true });
      }
    }, 0);
  });
})();
