"""Import d'un questionnaire : un fichier, toutes ses fautes d'un coup, ou un brouillon à relire puis publier."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import reverse

from programme.models import Grappe
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.imports import CREE, FERME, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison, Import, inscrire
from programme.socle.nombres import accorde
from programme.socle.temps_de_saisie import en_mots
from programme.socle.travaux import Contexte, TravailRefuse
from risques.calculs.differences import Differences, comparer
from risques.definition.fautes import Lu
from risques.definition.fichier import lire_fichier
from risques.definition.modele import Definition
from risques.models import Questionnaire, VersionQuestionnaire
from risques.permissions import peut_tenir_questionnaires
from risques.services import questionnaires as services

CODE_DE_L_IMPORT = "questionnaire"
GRAPPE_PARTIE = "Cette grappe n'existe plus."
SANS_AUTEUR = "Un questionnaire s'apporte au nom de quelqu'un : déposez-le depuis la page des questionnaires."
RETIREE = "n'est plus posée ; les réponses déjà données se lisent toujours"
FAUTES_DITES = 400


class _Vise:
    """Où irait ce texte : le questionnaire, s'il existe, son brouillon, la dernière version parue de la portée."""

    def __init__(self, definition: Definition, grappe: Grappe | None) -> None:
        self.definition, self.grappe = definition, grappe
        self.questionnaire = Questionnaire.objects.filter(code=definition.code).first()
        versions = services.versions_de(self.questionnaire, grappe) if self.questionnaire else []
        self.brouillon = next((v for v in versions if v.est_brouillon), None)
        self.parue = next((v for v in reversed(versions) if not v.est_brouillon), None)
        dernier = versions[-1].numero if versions else 0
        self.numero = self.brouillon.numero if self.brouillon else dernier + 1

    @property
    def base(self) -> VersionQuestionnaire | None:
        """À quoi l'aperçu compare : le brouillon qu'il remplacerait, sinon la version parue."""
        return self.brouillon or self.parue

    def ecarts_avec(self, version: VersionQuestionnaire | None) -> Differences | None:
        """Ce que le texte changerait à cette version, nom et objet mis à part s'ils ne peuvent plus changer."""
        return comparer(services.definition_de(version), self.tel_que_garde) if version else None

    @property
    def tel_que_garde(self) -> Definition:
        """Le texte tel que la base le rendrait : numéro, durée annoncée, nom qui reste."""
        garde: dict[str, Any] = {"version": self.numero, "duree_minutes": services.duree_annoncee(self.definition)}
        if self.questionnaire and services.est_paru(self.questionnaire):
            garde |= {"nom": self.questionnaire.nom, "objet": self.questionnaire.objet}
        return Definition.lire_dict(self.definition.en_dict() | garde)

    def annonces(self) -> list[str]:
        """Ce qu'il faut savoir avant de confirmer, en phrases."""
        pour = f"la grappe {self.grappe.nom}" if self.grappe else "toutes les grappes"
        phrases = [
            f"Ce sera le brouillon de la version {self.numero}, pour {pour} : rien ne s'en sert avant d'être publié."
        ]
        if self.brouillon:
            nb = sum(1 for _ in services.definition_de(self.brouillon).questions)
            phrases.append(
                f"Il remplace le brouillon de la version {self.brouillon.numero}, qui a {accorde(nb, 'question')} : "
                "son texte ne se retrouvera pas."
            )
        if self.definition.duree_minutes is None:
            duree = en_mots(services.duree_annoncee(self.definition) * 60)
            phrases.append(f"Le fichier ne dit pas la durée : {duree}, à une minute et demie par question.")
        if self.tel_que_garde.nom != self.definition.nom:
            phrases.append(f"Le nom reste « {self.tel_que_garde.nom} » : il est celui des versions déjà publiées.")
        if (ecarts := self.ecarts_avec(self.parue)) and self.parue:
            phrases += self._comparabilite(ecarts, self.parue)
        return phrases

    def _comparabilite(self, ecarts: Differences, parue: VersionQuestionnaire) -> list[str]:
        dites = [f"Face à la version {parue.numero}, publiée : {ecarts.en_mots}."]
        if ecarts.obstacle:
            return [*dites, ecarts.obstacle]
        communes = accorde(ecarts.nb_communes, "question commune,questions communes")
        return [
            *dites,
            f"Ni l'échelle ni le sens ne changent ({communes}) : Treille propose de comparer les deux versions ; vous "
            "choisirez avant de publier.",
        ]


class _Questionnaire(Comparaison):
    def __init__(self, apercu: Apercu, definition: Definition | None, grappe: Grappe | None) -> None:
        self.apercu = apercu
        self._definition, self._grappe = definition, grappe

    def ecrire(self, contexte: Contexte) -> None:
        if self._definition is None or contexte.travail.par is None:
            raise TravailRefuse(SANS_AUTEUR)
        try:
            version = services.charger_definition(self._definition, grappe=self._grappe, par=contexte.travail.par)
        except Refus as refus:
            raise TravailRefuse(f"{refus.motif} Rien n'est écrit ; refaites l'aperçu.") from refus
        adresse = reverse("risques:versionquestionnaire-detail", args=[version.pk])
        texte = f"La version {version.numero} attend d'être relue, puis publiée."
        self.apercu.suites.append({"texte": texte, "lien": adresse, "libelle": "Relire et publier"})


class ImportQuestionnaire(Import):
    """Un questionnaire (`parametres` : grappe, None pour Treille ; rubriques, celles qu'un CSV ne porte pas)."""

    code = CODE_DE_L_IMPORT
    libelle = "Questionnaire"
    sur_place = True
    tout_ou_rien = True
    titres = ("Code", "Question")
    titre_des_annonces = "Ce que devient ce texte"
    libelle_des_rejets = "Fautes"
    remede_des_rejets = "Corrigez-les dans le fichier, puis déposez-le de nouveau."
    libelle_du_retour = "Revenir aux questionnaires"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui tient les questionnaires de la grappe, ou de Treille."""
        cle = parametres.get("grappe")
        grappe = Grappe.objects.filter(pk=cle).first() if cle is not None else None
        if cle is not None and grappe is None:
            return Droit(False, GRAPPE_PARTIE)
        return peut_tenir_questionnaires(utilisateur, grappe)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La liste des questionnaires."""
        return reverse("risques:questionnaire-liste")

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier : toutes ses fautes, ou ce que le brouillon changerait."""
        travail = contexte.travail
        cle = travail.parametres.get("grappe")
        grappe = Grappe.objects.get(pk=cle) if cle is not None else None
        with travail.fichier.open("rb") as fichier:
            lu = lire_fichier(fichier.read(), travail.parametres.get("rubriques"))
        for phrase in lu.avertissements:
            apercu.avertissements[phrase] += 1
        vise = _Vise(lu.definition, grappe) if lu.definition else None
        if vise is None:
            _rejeter(lu, apercu)
        elif refus := _refus(vise, travail.par):
            apercu.noter(REJETE, 0, vise.definition.code, vise.definition.nom, colonne="Code", raison=refus)
        else:
            _noter(vise, apercu)
        yield _Questionnaire(apercu, lu.definition, grappe)


def _refus(vise: _Vise, par: Any) -> str:
    """Pourquoi ce texte n'entrerait pas, en une phrase ; vide s'il entre."""
    if vise.questionnaire is None or par is None:
        return ""
    if not Questionnaire.objects.visibles_par(par).filter(pk=vise.questionnaire.pk).exists():
        return services.CODE_PRIS
    return services.refus_d_objet(vise.questionnaire, vise.definition)


def _rejeter(lu: Lu, apercu: Apercu) -> None:
    for faute in lu.fautes[:FAUTES_DITES]:
        ou = f"{faute.ou[:1].upper()}{faute.ou[1:]}"
        apercu.noter(REJETE, faute.ligne or 0, "", ou, colonne=faute.colonne, raison=faute.raison)
    if (reste := len(lu.fautes) - FAUTES_DITES) > 0:
        apercu.noter(
            REJETE, 0, "", raison=f"Et {accorde(reste, 'autre faute,autres fautes')} : corrigez d'abord celles-ci."
        )


def _noter(vise: _Vise, apercu: Apercu) -> None:
    """Une ligne par question qui change ; celles qui ne changent pas se comptent."""
    apercu.annonces = vise.annonces()
    ecarts = vise.ecarts_avec(vise.base)
    rangs = {q.code: rang for rang, q in enumerate(vise.definition.questions, 1)}
    if ecarts is None:
        for q in vise.definition.questions:
            apercu.noter(CREE, rangs[q.code], q.code, q.enonce)
        return
    general = [*ecarts.generales, *([("ordre des questions", "avant", "changé")] if ecarts.ordre else [])]
    if general:
        apercu.noter(MODIFIE, 0, vise.definition.code, "Présentation du questionnaire", ecarts=general)
    for changement in ecarts.changees:
        apercu.noter(MODIFIE, rangs[changement.code], changement.code, changement.enonce, ecarts=changement.ecarts)
    for q in ecarts.ajoutees:
        apercu.noter(CREE, rangs[q.code], q.code, q.enonce)
    for q in ecarts.retirees:
        apercu.noter(FERME, 0, q.code, q.enonce, raison=RETIREE)
    apercu.compter(INCHANGE, len(rangs) - len(ecarts.ajoutees) - len(ecarts.changees))


inscrire(ImportQuestionnaire())
