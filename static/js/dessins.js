/* Treille — dessins : ce que le script ajoute à des pages qui marchent sans lui. */
"use strict";

(function () {
  /* Un calendrier plus large que l'écran s'ouvre sur aujourd'hui. */
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-ici]").forEach(function (cadre) {
      const dessin = cadre.querySelector(".repere-ici");
      const depart = dessin ? dessin.getBoundingClientRect().left - cadre.getBoundingClientRect().left : 0;
      cadre.scrollLeft = depart + Number(cadre.dataset.ici) - cadre.clientWidth / 2;
    });
  });

  /* ---------- Tableau de cartes ----------
     Chaque carte a déjà son menu « Déplacer vers… ». Le script ne fait que choisir à sa place : poser une carte dans
     une colonne, c'est actionner le bouton (ou suivre le lien) que son menu offre pour cette colonne. */

  function dire(texte) {
    const annonce = document.getElementById("annonce");
    if (annonce) {
      annonce.textContent = texte;
    }
  }

  function nomDe(colonne) {
    return colonne.querySelector("h3 span").textContent.trim();
  }

  function gestePour(carte, colonne) {
    return Array.from(carte.querySelectorAll("[data-cible]")).find(function (geste) {
      return geste.dataset.cible === colonne.dataset.colonne;
    });
  }

  function pourquoiPas(carte, colonne) {
    if (carte.dataset.motif) {
      return carte.dataset.motif;
    }
    const suites = Array.from(carte.querySelectorAll("[data-cible]")).map(function (geste) {
      return "« " + geste.textContent.trim() + " »";
    });
    return carte.dataset.carte + " ne va pas d’ici à " + nomDe(colonne) + ". Possible : " + suites.join(", ") + ".";
  }

  function suivre(tableau) {
    const colonnes = Array.from(tableau.querySelectorAll("[data-colonne]"));
    let prise = null;
    let visee = null;

    function marquer(colonne) {
      visee = colonne;
      colonnes.forEach(function (c) {
        c.classList.toggle("visee", c === colonne);
        c.classList.toggle("fermee", Boolean(prise) && c !== prise.closest("[data-colonne]") && !gestePour(prise, c));
      });
      if (colonne) {
        colonne.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }

    function poignee() {
      return prise && prise.querySelector(".poignee");
    }

    function saisir(carte) {
      prise = carte;
      carte.classList.add("prise");
      poignee().setAttribute("aria-pressed", "true");
      marquer(carte.closest("[data-colonne]"));
      dire(carte.dataset.carte + " : saisi, dans " + nomDe(visee) + ". Flèches pour choisir la colonne, Entrée pour poser, Échap pour annuler.");
    }

    function lacher(texte) {
      if (!prise) {
        return;
      }
      poignee().setAttribute("aria-pressed", "false");
      prise.classList.remove("prise");
      prise = null;
      marquer(null);
      dire(texte);
    }

    function poser(colonne) {
      const carte = prise;
      if (!carte || !colonne) {
        return;
      }
      if (colonne === carte.closest("[data-colonne]")) {
        lacher(carte.dataset.carte + " : reposé là où il était.");
        return;
      }
      const geste = gestePour(carte, colonne);
      if (!geste) {
        const texte = pourquoiPas(carte, colonne);
        lacher(texte);
        return;
      }
      lacher(carte.dataset.carte + " : vers " + nomDe(colonne) + "…");
      geste.click();
    }

    function avancer(pas) {
      const rang = colonnes.indexOf(visee) + pas;
      if (rang < 0 || rang >= colonnes.length) {
        return;
      }
      marquer(colonnes[rang]);
      const ici = visee === prise.closest("[data-colonne]");
      const ferme = !ici && !gestePour(prise, visee);
      dire(nomDe(visee) + (ici ? ", sa colonne" : "") + (ferme ? " : pas d’ici" : "") + ".");
    }

    const PAS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

    tableau.querySelectorAll("[data-carte]").forEach(function (carte) {
      const bouton = carte.querySelector(".poignee");
      if (!bouton) {
        return;
      }
      bouton.hidden = false;
      carte.draggable = true;
      bouton.addEventListener("click", function (evenement) {
        evenement.preventDefault();
        if (prise === carte) {
          lacher(carte.dataset.carte + " : reposé là où il était.");
        } else {
          lacher("");
          saisir(carte);
        }
      });
      bouton.addEventListener("keydown", function (evenement) {
        if (prise !== carte) {
          return;
        }
        if (PAS[evenement.key]) {
          evenement.preventDefault();
          avancer(PAS[evenement.key]);
        } else if (evenement.key === "Enter") {
          evenement.preventDefault();
          poser(visee);
        } else if (evenement.key === "Escape") {
          evenement.preventDefault();
          lacher(carte.dataset.carte + " : annulé, rien n’a bougé.");
        }
      });
      bouton.addEventListener("blur", function () {
        if (prise === carte && !carte.classList.contains("glisse")) {
          lacher(carte.dataset.carte + " : annulé, rien n’a bougé.");
        }
      });
      carte.addEventListener("dragstart", function (evenement) {
        lacher("");
        carte.classList.add("glisse");
        evenement.dataTransfer.effectAllowed = "move";
        evenement.dataTransfer.setData("text/plain", carte.dataset.carte);
        saisir(carte);
      });
      carte.addEventListener("dragend", function () {
        carte.classList.remove("glisse");
        lacher("");
      });
    });

    colonnes.forEach(function (colonne) {
      colonne.addEventListener("dragover", function (evenement) {
        if (prise) {
          evenement.preventDefault();
          marquer(colonne);
        }
      });
      colonne.addEventListener("drop", function (evenement) {
        evenement.preventDefault();
        poser(colonne);
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-tableau]").forEach(suivre);
  });

  /* La carte qu'on vient de poser garde le foyer. Après « load » : l'ancre de l'adresse le retire en y menant. */
  window.addEventListener("load", function () {
    window.setTimeout(function () {
      const ancre = window.location.hash;
      const posee = /^#carte-\d+$/.test(ancre) && document.querySelector(ancre + " .poignee");
      if (posee && document.activeElement === document.body) {
        posee.focus();
      }
    }, 0);
  });
})();
