/* Treille — le peu de JavaScript qui est à nous. Chaque page marche sans lui. */
"use strict";

(function () {
  const racine = document.documentElement;
  racine.classList.add("js");

  /* Un menu est un <details> : Échap et un clic au-dehors le referment, le foyer revient à son titre. */
  function fermerMenus(sauf) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!sauf || !menu.contains(sauf)) {
        menu.open = false;
      }
    });
  }

  document.addEventListener("keydown", function (evenement) {
    if (evenement.key !== "Escape") {
      return;
    }
    const menu = document.activeElement && document.activeElement.closest("details.menu[open]");
    fermerMenus(null);
    if (menu) {
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("click", function (evenement) {
    fermerMenus(evenement.target);
  });

  /* Une barre d'onglets qui défile montre d'abord l'onglet où l'on est. */
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".onglets [aria-current]").forEach(function (onglet) {
      const barre = onglet.closest(".onglets");
      barre.scrollLeft = onglet.offsetLeft - barre.offsetLeft - (barre.clientWidth - onglet.offsetWidth) / 2;
    });
  });

  /* Un résumé d'erreurs reçoit le foyer : c'est la première chose à lire. */
  document.addEventListener("DOMContentLoaded", function () {
    const erreurs = document.querySelector("[data-foyer]");
    if (erreurs) {
      erreurs.focus();
    }
  });

  /* Une recherche ne porte dans l'adresse que ce qui a été rempli. */
  document.addEventListener("htmx:configRequest", function (evenement) {
    if (evenement.detail.verb !== "get" || !evenement.detail.formData) {
      return;
    }
    const champs = evenement.detail.formData;
    Array.from(new Set(champs.keys())).forEach(function (nom) {
      const valeurs = champs.getAll(nom).filter(function (valeur) {
        return valeur !== "";
      });
      champs.delete(nom);
      valeurs.forEach(function (valeur) {
        champs.append(nom, valeur);
      });
    });
  });

  /* Cocher toute la page, dire combien de lignes sont choisies : sans script, on coche une à une. */
  function cases(tout) {
    return Array.from(tout.closest("form").querySelectorAll("tbody input[name='" + tout.dataset.toutCocher + "']"));
  }

  function montrerLesToutCocher() {
    document.querySelectorAll("[data-tout-cocher][hidden]").forEach(function (tout) {
      tout.hidden = false;
    });
  }

  document.addEventListener("change", function (evenement) {
    const formulaire = evenement.target.form;
    const tout = formulaire && formulaire.querySelector("[data-tout-cocher]");
    if (!tout) {
      return;
    }
    if (evenement.target === tout) {
      cases(tout).forEach(function (une) {
        une.checked = tout.checked;
      });
    }
    const choisies = cases(tout).filter(function (une) {
      return une.checked;
    }).length;
    tout.checked = choisies > 0 && choisies === cases(tout).length;
    tout.indeterminate = choisies > 0 && !tout.checked;
    const compte = formulaire.querySelector("[data-compte]");
    if (compte) {
      const mots = choisies > 1 ? " lignes choisies" : " ligne choisie";
      compte.textContent = choisies ? choisies + mots : compte.dataset.compte;
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    montrerLesToutCocher();
    document.querySelectorAll("[data-imprimer]").forEach(function (bouton) {
      bouton.hidden = false;
      bouton.addEventListener("click", function () {
        window.print();
      });
    });
  });

  /* Ce qu'un échange a changé à l'écran est aussi dit à qui ne voit pas l'écran. */
  function annoncer(texte) {
    const annonce = document.getElementById("annonce");
    if (annonce && texte) {
      annonce.textContent = "";
      window.setTimeout(function () {
        annonce.textContent = texte;
      }, 50);
    }
  }

  document.addEventListener("htmx:afterSettle", function (evenement) {
    montrerLesToutCocher();
    /* Remplacée tout entière, la cible de l'échange n'est plus dans la page : celle qui a pris sa place, si. */
    const visee = evenement.detail.target;
    const cible = visee && visee.isConnected ? visee : evenement.target;
    const porteur = cible.querySelector("[data-annonce]");
    annoncer(porteur ? porteur.textContent.trim() : "");
    if (document.activeElement === document.body && cible.hasAttribute("tabindex")) {
      cible.focus({ preventScroll: true });
    }
  });

  /* Un échange qui échoue se dit, et dit que rien n'a été enregistré. */
  function montrerEchec(montrer) {
    const echec = document.getElementById("echec");
    if (echec) {
      echec.hidden = !montrer;
    }
  }

  document.addEventListener("htmx:beforeRequest", function () {
    montrerEchec(false);
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (nom) {
    document.addEventListener(nom, function () {
      montrerEchec(true);
    });
  });

  /* Se déconnecter efface de l’appareil les pages de notes gardées pour s’ouvrir sans réseau, et les brouillons. Ce qui
     attend d’être envoyé reste, et ne partira que sous le compte qui l’a écrit. */
  async function effacerLesNotesGardees() {
    Object.keys(localStorage)
      .filter((cle) => cle.startsWith("treille:note:"))
      .forEach((cle) => localStorage.removeItem(cle));
    const reserves = (await caches.keys()).filter((nom) => nom.startsWith("treille-notes-"));
    await Promise.all(reserves.map((nom) => caches.delete(nom)));
  }

  document.addEventListener("submit", function (evenement) {
    const sortie = evenement.target.matches("form[data-deconnexion]");
    if (!sortie || !("caches" in window)) {
      return;
    }
    evenement.preventDefault();
    const patience = new Promise((suite) => window.setTimeout(suite, 1500));
    Promise.race([effacerLesNotesGardees().catch(() => {}), patience]).then(() => evenement.target.submit());
  });
})();
