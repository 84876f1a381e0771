/* Treille — le relevé d'un ESMS : chaque chiffre part dès qu'il est donné, et la page dit où il en est. Si le réseau
   manque, il attend dans la page, qui le dit aussi. Sans ce script, le même formulaire s'enregistre par un bouton. */
"use strict";

(function () {
  const ATTENTE = 300;
  const ATTENTE_TEXTE = 1200;
  const ESSAIS = [2, 4, 8, 15, 30]; /* secondes entre deux essais */
  const PATIENCE = 20000;

  function conduire(cadre) {
    const formulaire = document.getElementById("releve");
    const un = (selecteur, dans) => (dans || document).querySelector(selecteur);
    const blocs = () => [...cadre.querySelectorAll("[data-chiffre]")];
    const champs = (bloc) => [...bloc.querySelectorAll("[form=releve][name]")];
    const touches = new Set(); /* donnés, pas encore accusés */
    const refuses = new Set(); /* refusés : on les rend, sans les renvoyer tels quels */
    let minuterie = 0;
    let occupe = false;
    let rang = 0;
    let panne = navigator.onLine ? "" : "reseau";
    let parti = false;

    function accorder(nombre, un_seul, plusieurs) {
      return nombre + " " + (nombre > 1 ? plusieurs : un_seul);
    }

    /* Une zone dite à voix haute ne se réécrit que si elle change. */
    function ecrire(noeud, texte) {
      if (noeud && noeud.textContent !== texte) {
        noeud.textContent = texte;
      }
    }

    function etat(bloc, classe, texte) {
      const noeud = un("[data-etat]", bloc);
      noeud.className = "chiffre-etat " + classe;
      ecrire(noeud, texte);
    }

    function valeur(bloc, lettre) {
      const noeud = champs(bloc).find((champ) => champ.name.startsWith(lettre + "-"));
      return noeud;
    }

    /* ---------- Donner ---------- */
    function donner(bloc, delai) {
      touches.add(bloc.dataset.chiffre);
      refuses.delete(bloc.dataset.chiffre);
      etat(bloc, "en-attente", "en attente d’envoi");
      resumer();
      if (!panne) {
        planifier(delai);
      }
    }

    function accorderLesGestes(bloc, champ) {
      const lettre = champ.name.slice(0, 2);
      const motif = (valeurVoulue) => champs(bloc).find((c) => c.type === "radio" && c.value === valeurVoulue);
      if (lettre === "m-" && champ.value) {
        ["n", "d", "t"].forEach((nom) => valeur(bloc, nom) && (valeur(bloc, nom).value = ""));
      } else if (lettre === "m-") {
        const nombre = valeur(bloc, "n") || valeur(bloc, "t");
        nombre.focus();
      } else if (["n-", "d-", "t-"].includes(lettre) && champ.value.trim() && motif("")) {
        motif("").checked = true;
      }
    }

    function planifier(delai) {
      window.clearTimeout(minuterie);
      minuterie = window.setTimeout(envoyer, delai);
    }

    /* ---------- Envoyer ---------- */
    function paquet() {
      const donnees = new URLSearchParams();
      const codes = [...touches, ...refuses];
      blocs()
        .filter((bloc) => codes.includes(bloc.dataset.chiffre))
        .forEach((bloc) =>
          champs(bloc).forEach((champ) => {
            if (champ.type !== "radio" || champ.checked) {
              donnees.append(champ.name, champ.value);
            }
          })
        );
      return donnees;
    }

    async function envoyer(jetonNeuf) {
      if (occupe || !touches.size) {
        return;
      }
      occupe = true;
      window.clearTimeout(minuterie);
      const partis = new Set(touches);
      const signes = new Map(blocs().map((bloc) => [bloc.dataset.chiffre, signer(bloc)]));
      let reponse, corps;
      try {
        reponse = await fetch(formulaire.action, {
          method: "POST",
          headers: { "X-CSRFToken": formulaire.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
          body: paquet(),
          redirect: "manual",
          keepalive: true,
          signal: AbortSignal.timeout(PATIENCE),
        });
        const enJson = (reponse.headers.get("Content-Type") || "").includes("application/json");
        corps = enJson ? await reponse.json() : null;
      } catch {
        occupe = false;
        return perdre("reseau");
      }
      occupe = false;
      if (reponse.type === "opaqueredirect") {
        return perdre("session");
      }
      if (reponse.status === 403 && !corps) {
        return jetonNeuf !== true && (await renouveler()) ? envoyer(true) : perdre("session");
      }
      if (reponse.status === 404 || reponse.status === 409) {
        return finir((corps && corps.motif) || "Ce relevé ne vous est plus ouvert.");
      }
      if (!corps || reponse.status >= 500) {
        return perdre("serveur");
      }
      panne = "";
      rang = 0;
      accuser(corps, partis, signes);
      if (touches.size) {
        planifier(ATTENTE);
      }
      resumer();
    }

    /* Après une reconnexion, le jeton de la page a vieilli : on en reprend un, si c'est bien le même compte. */
    async function renouveler() {
      try {
        const reponse = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
        const lue = new DOMParser().parseFromString(reponse.ok ? await reponse.text() : "", "text/html");
        const champ = lue.querySelector("#releve [name=csrfmiddlewaretoken]");
        const meme = lue.querySelector("[data-compte='" + cadre.dataset.compte + "']");
        if (champ && meme) {
          formulaire.elements.csrfmiddlewaretoken.value = champ.value;
          return true;
        }
      } catch {
        return false;
      }
      return false;
    }

    function signer(bloc) {
      return champs(bloc)
        .filter((champ) => champ.type !== "hidden" && (champ.type !== "radio" || champ.checked))
        .map((champ) => champ.value)
        .join("\n");
    }

    function accuser(corps, partis, signes) {
      blocs().forEach((bloc) => {
        const code = bloc.dataset.chiffre;
        const lu = corps.chiffres[code];
        if (!lu) {
          return;
        }
        const inchange = signes.get(code) === signer(bloc);
        un("[data-depart]", bloc).value = lu.depart;
        if (!lu.croisee) {
          un("[data-vu]", bloc).value = lu.vu;
        }
        montrerLeMot(bloc, lu);
        const dit = un("[data-dit]", bloc);
        ecrire(dit, (lu.dit.split("soit ")[1] || "").trim());
        if (lu.dit) {
          ecrire(un("[data-dit-entier]", bloc), lu.dit);
        }
        if (!partis.has(code) && !refuses.has(code)) {
          return;
        }
        refuses.delete(code);
        if (inchange) {
          touches.delete(code);
        }
        const motifs = lu.fautes.join(" ") || (lu.croisee && lu.croisee + " Il dit maintenant : " + lu.dit + ".");
        bloc.classList.toggle("chiffre-fautif", Boolean(motifs));
        if (motifs && inchange) {
          refuses.add(code);
          etat(bloc, "pas-enregistre", "Pas enregistré : " + motifs);
          if (lu.croisee) {
            un("[data-vu]", bloc).value = lu.vu;
          }
        } else if (inchange) {
          etat(bloc, "", [lu.etat, lu.avis].filter(Boolean).join(" · "));
        }
      });
      ecrire(un("[data-resume]", cadre), corps.resume);
      ecrire(un("[data-duree]", cadre), corps.duree);
      partagerLesNombres();
    }

    function montrerLeMot(bloc, lu) {
      const mot = un("[data-mot]", bloc);
      const saisi = valeur(bloc, "c");
      ecrire(un("[data-surprises]", mot), lu.surprises.join(" "));
      mot.hidden = !lu.surprises.length && !saisi.value && document.activeElement !== saisi;
    }

    /* Le nombre partagé se lit à côté de chaque chiffre qui s'y rapporte. */
    function partagerLesNombres() {
      cadre.querySelectorAll("[data-source]").forEach((source) => {
        cadre.querySelectorAll("[data-commun='" + source.dataset.source + "']").forEach((noeud) => {
          ecrire(noeud, valeur(source, "n").value || "—");
        });
      });
    }

    /* ---------- Quand cela échoue ---------- */
    function perdre(raison) {
      panne = raison;
      const secondes = ESSAIS[Math.min(rang, ESSAIS.length - 1)];
      rang += 1;
      if (navigator.onLine) {
        planifier(secondes * 1000);
      }
      resumer();
    }

    function finir(motif) {
      touches.clear();
      blocs().forEach((bloc) => un("[data-etat]", bloc).classList.contains("en-attente") && etat(bloc, "pas-enregistre", "Pas enregistré."));
      ecrire(un("[data-bandeau-texte]"), motif + " Rechargez la page pour lire où il en est.");
      un("[data-bandeau]").hidden = false;
      un("[data-reessayer]").hidden = true;
    }

    function resumer() {
      const bilan = un("[data-enregistrement]");
      const morceaux = [];
      if (touches.size) {
        morceaux.push(accorder(touches.size, "chiffre en attente d’envoi", "chiffres en attente d’envoi"));
      }
      if (refuses.size) {
        morceaux.push(accorder(refuses.size, "chiffre pas enregistré", "chiffres pas enregistrés"));
      }
      ecrire(bilan, morceaux.join(" · ") || (rang || touche ? "Tout est enregistré, rien n’est encore transmis" : initial));
      bilan.classList.toggle("pas-enregistre", refuses.size > 0 || (panne !== "" && touches.size > 0));
      const bandeau = un("[data-bandeau]");
      bandeau.hidden = !panne || !touches.size;
      if (!bandeau.hidden) {
        const debut = { reseau: "Connexion perdue", session: "Votre session est fermée", serveur: "Treille ne répond pas" }[panne];
        const quoi = accorder(touches.size, "chiffre attend", "chiffres attendent") + " dans cette page";
        const suite = touches.size > 1 ? "ils partiront au retour" : "il partira au retour";
        ecrire(un("[data-bandeau-texte]"), debut + " : " + quoi + ", " + suite + ". Ne la fermez pas.");
      }
      un("[data-se-reconnecter]").hidden = panne !== "session";
    }

    /* ---------- Mise en route ---------- */
    const initial = un("[data-enregistrement]").textContent;
    let touche = false;
    blocs().forEach((bloc) => bloc.classList.contains("chiffre-fautif") && refuses.add(bloc.dataset.chiffre));
    partagerLesNombres();

    cadre.addEventListener("change", (evenement) => {
      const bloc = evenement.target.closest("[data-chiffre]");
      if (bloc && evenement.target.name) {
        touche = true;
        accorderLesGestes(bloc, evenement.target);
        donner(bloc, ATTENTE);
      }
    });
    cadre.addEventListener("input", (evenement) => {
      const bloc = evenement.target.closest("[data-chiffre]");
      if (!bloc || evenement.target.type === "radio") {
        return;
      }
      touche = true;
      partagerLesNombres();
      donner(bloc, ATTENTE_TEXTE);
    });
    un("[data-reessayer]").addEventListener("click", envoyer);
    window.addEventListener("online", () => {
      rang = 0;
      envoyer();
    });
    window.addEventListener("offline", () => perdre("reseau"));
    document.addEventListener("visibilitychange", () => touches.size && !panne && envoyer());
    formulaire.addEventListener("submit", () => {
      window.clearTimeout(minuterie);
      parti = true;
    });
    window.addEventListener("beforeunload", (evenement) => {
      if (touches.size && !parti) {
        evenement.preventDefault();
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-releve]").forEach(conduire));
})();
