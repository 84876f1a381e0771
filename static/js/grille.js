/* Treille — répondre à une grille : chaque réponse part dès qu'elle est donnée ; si le réseau manque, elle attend sur
   l'appareil, et la page le dit. Sans ce script, le même formulaire s'enregistre par un bouton. */
"use strict";

(function () {
  const PREFIXE = "treille:grille:";
  const ATTENTE = 350; /* de quoi laisser les flèches parcourir l'échelle avant d'envoyer */
  const ESSAIS = [2, 4, 8, 15, 30]; /* secondes entre deux essais */
  const PATIENCE = 20000;
  const NOTRE = "input[form=grille]"; /* une suite proposée a ses propres saisies, dans la même question */
  const [A_ENVOYER, REFUSEE, CROISEE] = ["a-envoyer", "refusee", "croisee"];

  function accorder(nombre, un, plusieurs) {
    return nombre + " " + (nombre > 1 ? plusieurs : un);
  }

  /* ---------- Ce que garde l'appareil : une clé par grille, compte et question ---------- */
  function Reserve(grille, compte) {
    const prefixe = PREFIXE + grille + ":" + compte + ":";
    return {
      durable: true,
      lire: function () {
        try {
          return Object.keys(localStorage)
            .filter((cle) => cle.startsWith(prefixe))
            .map((cle) => JSON.parse(localStorage.getItem(cle)))
            .sort((a, b) => a.le - b.le);
        } catch {
          this.durable = false;
          return [];
        }
      },
      garder: function (envoi) {
        try {
          localStorage.setItem(prefixe + envoi.code, JSON.stringify(envoi));
        } catch {
          this.durable = false;
        }
      },
      /* Un autre onglet a pu y laisser la sienne : on n'oublie que ce qu'on a mis. */
      oublier: function (envoi) {
        try {
          const garde = JSON.parse(localStorage.getItem(prefixe + envoi.code));
          if (garde && garde.cle === envoi.cle) {
            localStorage.removeItem(prefixe + envoi.code);
          }
        } catch {
          this.durable = false;
        }
      },
    };
  }

  function conduire(cadre) {
    const reserve = Reserve(cadre.dataset.grille, cadre.dataset.compte);
    const file = new Map();
    const suites = new Map();
    const formulaire = document.getElementById("grille");
    let jeton = formulaire.elements.csrfmiddlewaretoken.value;
    let panne = navigator.onLine ? "" : "reseau";
    let occupe = false;
    let rang = 0;
    let minuterie = 0;

    const un = (selecteur, dans) => (dans || document).querySelector(selecteur);
    const question = (code) => un("[data-question='" + CSS.escape(code) + "']", cadre);
    const enAttente = () => [...file.values()].filter((envoi) => envoi.etat === A_ENVOYER);
    const signer = (envoi) => envoi.valeur + "\n" + envoi.mot;

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
        dire(bloc, "pas-enregistre", "Pas enregistré : " + envoi.motif);
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

    /* ---------- La file : une réponse donnée y entre aussitôt, n'en sort qu'accusée ---------- */
    function donner(bloc, delai) {
      const code = bloc.dataset.question;
      touche = true;
      const avant = file.get(code);
      const envoi = Object.assign(saisie(bloc), {
        code: code,
        cle: String(Math.random()),
        le: Date.now(),
        vu: avant ? avant.vu : Number(bloc.dataset.vu),
        essayees: avant ? avant.essayees : [],
        etat: A_ENVOYER,
      });
      file.set(code, envoi);
      reserve.garder(envoi);
      montrer(envoi);
      poser();
      resumer();
      if (!panne) {
        planifier(delai);
      }
    }

    function planifier(delai) {
      window.clearTimeout(minuterie);
      minuterie = window.setTimeout(envoyer, delai);
    }

    async function envoyer() {
      if (occupe) {
        return;
      }
      occupe = true;
      window.clearTimeout(minuterie);
      try {
        let envoi = enAttente()[0];
        while (envoi && (await partir(envoi))) {
          envoi = enAttente()[0];
        }
      } finally {
        occupe = false;
      }
      resumer();
    }

    async function partir(envoi, jetonNeuf) {
      if (!envoi.essayees.includes(signer(envoi))) {
        envoi.essayees.push(signer(envoi));
        reserve.garder(envoi);
      }
      const champs = { valeur: envoi.valeur, mot: envoi.mot, vu: envoi.vu };
      let reponse, corps;
      try {
        reponse = await fetch(cadre.dataset.adresse.replace("CODE", encodeURIComponent(envoi.code)), {
          method: "POST",
          headers: { "X-CSRFToken": jeton, Accept: "application/json" },
          body: new URLSearchParams(champs),
          redirect: "manual",
          keepalive: true,
          signal: AbortSignal.timeout(PATIENCE),
        });
        const enJson = (reponse.headers.get("Content-Type") || "").includes("application/json");
        corps = enJson ? await reponse.json() : null;
      } catch {
        return perdre("reseau");
      }
      if (reponse.type === "opaqueredirect") {
        return perdre("session");
      }
      if (reponse.status === 403 && !corps) {
        return jetonNeuf ? perdre("session") : (await renouveler()) && partir(envoi, true);
      }
      if (reponse.status === 404) {
        corps = { motif: "cette grille ne vous est plus ouverte. Notez votre réponse, puis demandez à qui vous l’a confiée." };
      }
      if (!corps || reponse.status >= 500) {
        return perdre("serveur");
      }
      panne = "";
      rang = 0;
      if (reponse.ok) {
        accuser(envoi, corps);
      } else if (corps.actuelle) {
        croiser(envoi, corps);
      } else {
        refuser(envoi, corps);
      }
      return true;
    }

    /* Après une reconnexion, le jeton de la page a vieilli : on en reprend un, si c'est bien le même compte. */
    async function renouveler() {
      try {
        const reponse = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
        const page = new DOMParser().parseFromString(reponse.ok ? await reponse.text() : "", "text/html");
        const champ = un("#grille [name=csrfmiddlewaretoken]", page);
        const meme = un("[data-compte='" + cadre.dataset.compte + "']", page);
        if (champ && meme && champ.value !== jeton) {
          jeton = champ.value;
          formulaire.elements.csrfmiddlewaretoken.value = jeton;
          return true;
        }
      } catch {
        return perdre("reseau");
      }
      return perdre("session");
    }

    function perdre(raison) {
      panne = raison;
      const secondes = ESSAIS[Math.min(rang, ESSAIS.length - 1)];
      rang += 1;
      if (navigator.onLine) {
        planifier(secondes * 1000);
      }
      resumer();
      return false;
    }

    function sortir(envoi) {
      file.delete(envoi.code);
      reserve.oublier(envoi);
    }

    function accuser(envoi, corps) {
      const bloc = question(envoi.code);
      const courant = file.get(envoi.code);
      if (courant === envoi) {
        sortir(envoi);
      } else if (courant) {
        Object.assign(courant, { vu: corps.version, essayees: [] });
        reserve.garder(courant);
      }
      avancer(corps);
      if (!bloc) {
        return;
      }
      bloc.dataset.vu = corps.version;
      if (courant === envoi) {
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

    /* Ce qu'on croise est parfois son propre envoi, dont l'accusé s'est perdu : alors rien ne s'oppose. */
    function croiser(envoi, corps) {
      const courant = file.get(envoi.code) || envoi;
      courant.vu = envoi.vu;
      if (corps.actuelle.de_moi && courant.essayees.includes(signer(corps.actuelle))) {
        courant.vu = corps.actuelle.version;
        courant.essayees = [];
      } else {
        Object.assign(courant, { etat: CROISEE, motif: corps.motif, actuelle: corps.actuelle });
        montrer(courant);
      }
      reserve.garder(courant);
    }

    function refuser(envoi, corps) {
      const courant = file.get(envoi.code);
      if (courant === envoi) {
        Object.assign(envoi, { etat: REFUSEE, motif: corps.motif });
        reserve.garder(envoi);
        montrer(envoi);
        if (corps.champs && corps.champs.code) {
          sortir(envoi);
          annoncer(envoi.code + " : " + corps.motif);
        }
      }
    }

    function garderLaMienne(envoi) {
      Object.assign(envoi, { etat: A_ENVOYER, vu: envoi.actuelle.version, essayees: [] });
      reserve.garder(envoi);
      montrer(envoi);
      viser(envoi.code);
      planifier(0);
    }

    function prendreLAutre(envoi) {
      const bloc = question(envoi.code);
      remplir(bloc, envoi.actuelle.valeur, envoi.actuelle.mot);
      bloc.dataset.vu = envoi.actuelle.version;
      sortir(envoi);
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
        ecrireSi(un("[data-bandeau-texte]"), phrase(nombre));
      }
      un("[data-se-reconnecter]").hidden = panne !== "session";
    }

    function phrase(nombre) {
      const ou = reserve.durable ? "sur cet appareil" : "dans cette page seulement";
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
      if (lien.matches("[data-transmettre]") || !panne) {
        evenement.preventDefault();
        await vider();
        if (!file.size || (!enAttente().length && !lien.matches("[data-transmettre]"))) {
          partie = true;
          location.assign(lien.href);
        } else {
          annoncer("Avant de quitter cette page : " + un("[data-enregistrement]").textContent + ".");
        }
      }
    }

    async function vider() {
      while (occupe) {
        await new Promise((suite) => window.setTimeout(suite, 50));
      }
      await envoyer();
    }

    /* ---------- Mise en route ---------- */
    const initial = un("[data-enregistrement]").textContent;
    let touche = false;
    let partie = false;

    reserve.lire().forEach((envoi) => {
      envoi.etat = A_ENVOYER;
      file.set(envoi.code, envoi);
      const bloc = question(envoi.code);
      if (bloc) {
        remplir(bloc, envoi.valeur, envoi.mot);
      }
      montrer(envoi);
    });
    touche = file.size > 0;
    poser();
    resumer();
    if (file.size && !panne) {
      planifier(0);
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
      if (!panne && enAttente().length) {
        planifier(0);
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
      envoyer();
    });
    un("[data-reessayer]").addEventListener("click", envoyer);
    window.addEventListener("online", () => {
      panne = enAttente().length ? panne : "";
      rang = 0;
      resumer();
      envoyer();
    });
    window.addEventListener("offline", () => perdre("reseau"));
    document.addEventListener("visibilitychange", () => {
      if (enAttente().length && !panne) {
        envoyer();
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
