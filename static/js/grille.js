/* Treille — répondre à une grille : chaque réponse part dès qu'elle est donnée (grille_file.js) ; si le réseau manque,
   elle attend sur l'appareil, et la page le dit. Sans ce script, le même formulaire s'enregistre par un bouton. */
"use strict";

(function () {
  const { A_ENVOYER, REFUSEE, Reserve, Attente, effacerLesMotsDesAutres } = window.treilleGrille;
  const ATTENTE = 350; /* de quoi laisser les flèches parcourir l'échelle avant d'envoyer */
  const NOTRE = "input[form=grille]"; /* une suite proposée a ses propres saisies, dans la même question */

  function accorder(nombre, un, plusieurs) {
    return nombre + " " + (nombre > 1 ? plusieurs : un);
  }

  function conduire(cadre) {
    const suites = new Map();
    const formulaire = document.getElementById("grille");
    const jeton = formulaire.elements.csrfmiddlewaretoken;
    const attente = Attente(cadre, {
      montrer: montrer,
      accuser: accuser,
      refuser: (envoi, corps) => annoncer(envoi.code + " : " + corps.motif),
      resumer: resumer,
      jeton: (neuf) => (neuf ? (jeton.value = neuf) : jeton.value),
    });
    const file = attente.file;

    const un = (selecteur, dans) => (dans || document).querySelector(selecteur);
    const question = (code) => un("[data-question='" + CSS.escape(code) + "']", cadre);
    const enAttente = attente.enAttente;

    /* ---------- Lire et écrire une question ---------- */
    function saisie(bloc) {
      const coche = un(NOTRE + ":checked", bloc);
      const note = un(NOTRE + "[type=number]", bloc);
      const valeur = coche ? (coche.type === "radio" ? coche.value : "so") : note ? note.value : "";
      return { valeur: valeur, mot: un("textarea[form=grille]", bloc).value.trim() };
    }

    function remplir(bloc, valeur, mot) {
      bloc.querySelectorAll(NOTRE + "[type=radio]").forEach((radio) => {
        radio.checked = radio.value === valeur;
      });
      const note = un(NOTRE + "[type=number]", bloc);
      if (note) {
        note.value = valeur === "so" ? "" : valeur;
        const so = un(NOTRE + "[type=checkbox]", bloc);
        if (so) {
          so.checked = valeur === "so";
        }
      }
      un("textarea[form=grille]", bloc).value = mot;
    }

    function dire(bloc, classe, texte, boutons) {
      const etat = un("[data-etat]", bloc);
      etat.className = "question-etat " + classe;
      ecrireSi(etat, texte);
      (boutons || []).forEach(([libelle, geste]) => {
        const bouton = document.createElement("button");
        bouton.type = "button";
        bouton.className = "btn btn-outline-primary btn-sm";
        bouton.textContent = libelle;
        bouton.addEventListener("click", geste);
        etat.append(bouton);
      });
    }

    function montrer(envoi) {
      const bloc = question(envoi.code);
      if (!bloc) {
        return;
      }
      if (envoi.etat === A_ENVOYER) {
        dire(bloc, "en-attente", "en attente d’envoi");
      } else if (envoi.etat === REFUSEE) {
        const garder = ["Enregistrer cette note", () => donner(bloc, 0)];
        dire(bloc, "pas-enregistre", "Pas enregistré : " + envoi.motif, envoi.motEfface ? [garder] : []);
      } else {
        dire(bloc, "pas-enregistre", "Pas enregistré : " + envoi.motif, [
          ["Garder la mienne", () => garderLaMienne(envoi)],
          ["Prendre celle-là", () => prendreLAutre(envoi)],
        ]);
      }
      un("[data-effacable]", bloc).hidden = saisie(bloc).valeur === "";
    }

    /* Une question conditionnelle se montre selon la note donnée plus haut ; le serveur le confirme à l'accusé. */
    function poser(codes) {
      cadre.querySelectorAll("[data-si]").forEach((bloc) => {
        if (codes) {
          bloc.hidden = !codes.includes(bloc.dataset.question);
          return;
        }
        const source = question(bloc.dataset.si);
        if (source) {
          bloc.hidden = source.hidden || !(Number(saisie(source).valeur) >= Number(bloc.dataset.auMoins));
        }
      });
    }

    function donner(bloc, delai) {
      touche = true;
      attente.donner(bloc.dataset.question, saisie(bloc), Number(bloc.dataset.vu), delai);
      poser();
    }

    function accuser(envoi, corps, derniere) {
      const bloc = question(envoi.code);
      avancer(corps);
      if (!bloc) {
        return;
      }
      bloc.dataset.vu = corps.version;
      if (derniere) {
        dire(bloc, "", [corps.etat, corps.avis].filter(Boolean).join(" · "));
        un("[data-effacable]", bloc).hidden = corps.valeur === "";
        proposer(bloc, corps.suite);
      }
    }

    function proposer(bloc, html) {
      /* On n'y touche pas pour rien : quelqu'un y écrit peut-être. Seul le jeton change d'un rendu à l'autre. */
      const place = un("[data-suite]", bloc);
      const lue = html.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");
      const inchangee = suites.has(place) ? suites.get(place) === lue : !place.children.length === !html;
      suites.set(place, lue);
      if (inchangee || (html && place.contains(document.activeElement))) {
        return;
      }
      place.innerHTML = html;
      if (window.htmx) {
        window.htmx.process(place);
      }
    }

    function garderLaMienne(envoi) {
      attente.maintenir(envoi);
      viser(envoi.code);
      attente.planifier(0);
    }

    function prendreLAutre(envoi) {
      const bloc = question(envoi.code);
      remplir(bloc, envoi.actuelle.valeur, envoi.actuelle.mot);
      bloc.dataset.vu = envoi.actuelle.version;
      attente.sortir(envoi);
      dire(bloc, "", envoi.actuelle.etat);
      poser();
      viser(envoi.code);
      resumer();
    }

    /* ---------- Ce que la page dit d'ensemble ---------- */
    function avancer(corps) {
      un("[data-resume]").textContent = corps.resume;
      un("[data-possible]").textContent = corps.possible;
      un("[data-temps]").textContent = corps.temps;
      un("[data-reste]").textContent = corps.reste;
      un("[data-jauge]").setAttribute("width", corps.largeur);
      document.querySelectorAll("[data-section]").forEach((lien) => {
        const etat = corps.sections[lien.dataset.section];
        un("[data-avance]", lien).textContent = etat.mot;
        lien.classList.toggle("complete", etat.complete);
      });
      if (!enAttente().length) {
        poser(corps.posees);
      }
    }

    function resumer() {
      const panne = attente.panne();
      const nombre = enAttente().length;
      const autres = file.size - nombre;
      const bilan = un("[data-enregistrement]");
      const morceaux = [];
      if (nombre) {
        morceaux.push(accorder(nombre, "réponse en attente d’envoi", "réponses en attente d’envoi"));
      }
      if (autres) {
        const ailleurs = [...file.values()].filter((e) => e.etat !== A_ENVOYER && !question(e.code)).map((e) => e.code);
        morceaux.push(accorder(autres, "réponse pas enregistrée", "réponses pas enregistrées") + ", à relire" + (ailleurs.length ? " : " + ailleurs.join(", ") : ""));
      }
      ecrireSi(bilan, morceaux.join(" · ") || (touche ? "Tout est enregistré, rien n’est encore transmis" : initial));
      bilan.classList.toggle("pas-enregistre", file.size > 0 && (autres > 0 || panne !== ""));
      const bandeau = un("[data-bandeau]");
      bandeau.hidden = !panne || (panne !== "reseau" && !nombre);
      if (!bandeau.hidden) {
        ecrireSi(un("[data-bandeau-texte]"), phrase(nombre, panne));
      }
      un("[data-se-reconnecter]").hidden = panne !== "session";
    }

    function phrase(nombre, panne) {
      const ou = attente.durable() ? "sur cet appareil" : "dans cette page seulement";
      const debut = { reseau: "Connexion perdue", session: "Votre session est fermée", serveur: "Treille ne répond pas" }[panne];
      if (!nombre) {
        return debut + " : vous pouvez continuer cette section, vos réponses attendront " + ou + ".";
      }
      const quoi = accorder(nombre, "réponse attend ", "réponses attendent ") + ou;
      const suite = nombre > 1 ? "elles partiront au retour" : "elle partira au retour";
      return debut + " : " + quoi + ", " + suite + ". Ne fermez pas cette page.";
    }

    /* Une zone dite à voix haute ne se réécrit que si elle change. */
    function ecrireSi(noeud, texte) {
      if (noeud.textContent !== texte) {
        noeud.textContent = texte;
      }
    }

    function annoncer(texte) {
      document.getElementById("annonce").textContent = texte;
    }

    /* ---------- Le clavier ---------- */
    function viser(code) {
      const bloc = question(code);
      const but = un(NOTRE + "[type=radio]:checked", bloc) || un(NOTRE + ":is([type=radio], [type=number])", bloc);
      but.focus();
    }

    function passerALaSuivante(bloc) {
      const blocs = [...cadre.querySelectorAll("[data-question]:not([hidden])")];
      const suivante = blocs[blocs.indexOf(bloc) + 1];
      if (suivante) {
        viser(suivante.dataset.question);
      } else {
        un("[data-suivante], [data-transmettre]").focus();
      }
    }

    function frapper(evenement) {
      const radio = evenement.target;
      if (!radio.matches("[data-question] .echelle input") || evenement.ctrlKey || evenement.metaKey || evenement.altKey) {
        return;
      }
      const bloc = radio.closest("[data-question]");
      if (evenement.key === "Enter") {
        evenement.preventDefault();
        passerALaSuivante(bloc);
        return;
      }
      const echelon = (valeur) => un("input[type=radio][value='" + valeur + "']", bloc);
      let voulu = null;
      if (evenement.key.toLowerCase() === "s") {
        voulu = echelon("so");
      } else if (/^[0-9]$/.test(evenement.key)) {
        voulu = echelon(evenement.key) || (evenement.key === "0" ? echelon("10") : null);
      }
      if (voulu) {
        evenement.preventDefault();
        voulu.focus();
        voulu.checked = true;
        donner(bloc, ATTENTE);
      }
    }

    /* ---------- Quitter la page ---------- */
    async function suivre(evenement) {
      const lien = evenement.target.closest("a[data-section], a[data-vers], a[data-transmettre]");
      if (!lien || !file.size || evenement.defaultPrevented || evenement.ctrlKey || evenement.metaKey) {
        return;
      }
      if (lien.matches("[data-transmettre]") || !attente.panne()) {
        evenement.preventDefault();
        await attente.vider();
        if (!file.size || (!enAttente().length && !lien.matches("[data-transmettre]"))) {
          partie = true;
          location.assign(lien.href);
        } else {
          annoncer("Avant de quitter cette page : " + un("[data-enregistrement]").textContent + ".");
        }
      }
    }

    /* ---------- Mise en route ---------- */
    const initial = un("[data-enregistrement]").textContent;
    let touche = false;
    let partie = false;

    effacerLesMotsDesAutres(cadre.dataset.compte);
    attente.reprendre().forEach((envoi) => {
      const bloc = question(envoi.code);
      if (bloc) {
        remplir(bloc, envoi.valeur, envoi.motEfface ? saisie(bloc).mot : envoi.mot);
      }
      montrer(envoi);
    });
    touche = file.size > 0;
    poser();
    resumer();
    if (enAttente().length && !attente.panne()) {
      attente.planifier(0);
    }

    cadre.addEventListener("change", (evenement) => {
      const bloc = evenement.target.closest("[data-question]");
      if (bloc && evenement.target.form === formulaire) {
        donner(bloc, evenement.target.type === "radio" ? ATTENTE : 0);
      }
    });
    cadre.addEventListener("input", (evenement) => {
      if (evenement.target.matches("[data-question] textarea") && evenement.target.form === formulaire) {
        donner(evenement.target.closest("[data-question]"), 1200);
      }
    });
    cadre.addEventListener("focusout", () => {
      if (!attente.panne() && enAttente().length) {
        attente.planifier(0);
      }
    });
    cadre.addEventListener("keydown", frapper);
    cadre.addEventListener("click", (evenement) => {
      const effacer = evenement.target.closest("[data-effacer]");
      if (effacer) {
        evenement.preventDefault();
        const bloc = effacer.closest("[data-question]");
        remplir(bloc, "", un("textarea[form=grille]", bloc).value);
        donner(bloc, 0);
        viser(bloc.dataset.question);
      }
    });
    document.addEventListener("click", suivre);
    formulaire.addEventListener("submit", (evenement) => {
      evenement.preventDefault();
      attente.envoyer();
    });
    un("[data-reessayer]").addEventListener("click", attente.envoyer);
    window.addEventListener("online", attente.revenir);
    window.addEventListener("offline", () => attente.perdre("reseau"));
    document.addEventListener("visibilitychange", () => {
      if (enAttente().length && !attente.panne()) {
        attente.envoyer();
      }
    });
    window.addEventListener("beforeunload", (evenement) => {
      if (file.size && !partie) {
        evenement.preventDefault();
      }
    });
  }

  /* Une grille qui ne se remplit plus : ce qui n'est jamais parti de cet appareil se dit. */
  function relever(cadre) {
    effacerLesMotsDesAutres(cadre.dataset.compte);
    const reserve = Reserve(cadre.dataset.grilleClose, cadre.dataset.compte);
    const restees = reserve.lire();
    if (!restees.length) {
      return;
    }
    const avis = cadre.querySelector("[data-orphelines]");
    const codes = restees.map((envoi) => envoi.code + (envoi.valeur ? " " + envoi.valeur : "")).join(" ; ");
    cadre.querySelector("[data-orphelines-texte]").textContent =
      accorder(restees.length, "réponse donnée sur cet appareil n’est", "réponses données sur cet appareil ne sont") +
      " pas dans cette grille : " +
      codes;
    avis.hidden = false;
    cadre.querySelector("[data-oublier]").addEventListener("click", () => {
      restees.forEach((envoi) => reserve.oublier(envoi));
      avis.hidden = true;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-grille]").forEach(conduire);
    document.querySelectorAll("[data-grille-close]").forEach(relever);
  });
})();
