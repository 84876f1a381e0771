"""Reprendre une matrice emportée, corrigée ailleurs : chaque case comparée, tout ou rien."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import reverse

from formation.enums import DroitAcces, PorteeAcces
from formation.models import Matrice
from formation.permissions import peut_preparer_matrice
from formation.services.fichier_editeur import COLONNES, FEUILLE, Case, Cle, Lue, lire
from formation.services.matrices import ecrire_cases
from programme.socle.classeur import Ligne, lire_tableau
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.imports import (
    INCHANGE,
    MODIFIE,
    REJETE,
    Apercu,
    Comparaison,
    Import,
    colonnes_reliees,
    inscrire,
)
from programme.socle.texte import normaliser
from programme.socle.travaux import Contexte, TravailRefuse

FORMULE = "la case contient une formule : collez sa valeur à la place."
PROFIL_INCONNU = "« {} » n'est pas un profil de cette grappe : corrigez-le, ou créez le profil d'abord."
MODULE_INCONNU = "« {} » n'est pas un module de cette matrice : corrigez-le, ou ajoutez-le au périmètre de la grappe."
DROIT_INCONNU = "« {} » n'est pas un droit : {}."
PORTEE_INCONNUE = "« {} » n'est pas une portée : {}."
PORTEE_ABSENTE = "dites de qui l'on voit le dossier : {}."
VIDE = "la case est vide : {}."
DEJA_LUE = "ce profil et ce module sont déjà à la ligne {} : gardez une seule des deux."
RETIRE = "ce profil est retiré : ses droits ne changent plus."
PARTIE = "Cette matrice n'existe plus."
NE_SE_MODIFIE_PLUS = (
    "Ces droits d'accès ne sont plus en brouillon : reprenez la saisie, ou ouvrez une nouvelle version."
)
D_AILLEURS = "Le fichier vient d'une autre matrice ({}) : ses droits sont comparés à celle-ci."
_LUES = ("profil_code", "profil", "module_code", "module", "droit", "portee")


def _par_mot(choix: Any) -> dict[str, str]:
    return {normaliser(str(c.label)): c.value for c in choix} | {normaliser(c.value): c.value for c in choix}


DROITS, PORTEES = _par_mot(DroitAcces), _par_mot(PorteeAcces)
_LES_DROITS = ", ".join(str(d.label).lower() for d in DroitAcces)
_LES_PORTEES = ", ".join(str(p.label).lower() for p in PorteeAcces)


def _matrice(parametres: dict[str, Any]) -> Matrice | None:
    return Matrice.objects.pour_lecture().filter(pk=parametres.get("matrice", 0)).first()


class _Lecteur:
    """Le fichier lu face à la matrice : ce qui change, et toutes les fautes."""

    def __init__(self, lue: Lue, apercu: Apercu) -> None:
        self.lue, self.apercu = lue, apercu
        self.profils = {p.pk: p for p in lue.profils}
        self.modules = {m.pk: m for m in lue.modules}
        self._mots = {
            "profil": {normaliser(p.nom): p.pk for p in lue.profils},
            "profil_code": {p.code: p.pk for p in lue.profils},
            "module": {normaliser(m.nom): m.pk for m in lue.modules},
            "module_code": {m.code: m.pk for m in lue.modules},
        }
        self.vues: dict[Cle, int] = {}
        self.a_ecrire: dict[Cle, Case] = {}
        self.d_ailleurs: set[str] = set()

    def lire(self, ligne: Ligne) -> None:
        """Compare une ligne ; toutes ses fautes se disent ensemble."""
        fautes = {c: FORMULE for c in _LUES if ligne[c].est_formule}
        profil = self._designe(ligne, "profil", PROFIL_INCONNU, fautes)
        module = self._designe(ligne, "module", MODULE_INCONNU, fautes)
        case = self._case(ligne, fautes)
        if profil and case and module and self._change_un_retire(profil, module, case):
            fautes["profil"] = RETIRE
        if profil and module:
            premiere = self.vues.setdefault((profil, module), ligne.numero)
            if premiere != ligne.numero:
                fautes["profil"] = DEJA_LUE.format(premiere)
        cle = ligne["profil_code"].texte or ligne["profil"].texte
        nom = ligne["module"].texte or ligne["module_code"].texte
        if fautes or not (profil and module and case):
            colonnes = ", ".join(COLONNES[c] for c in fautes)
            phrases = " ".join(f"{COLONNES[c]} : {phrase}" for c, phrase in fautes.items())
            self.apercu.noter(REJETE, ligne.numero, cle[:30], nom[:60], colonne=colonnes, raison=phrases)
            return
        self._situer(ligne)
        self._comparer(ligne.numero, (profil, module), case)

    def _designe(self, ligne: Ligne, quoi: str, inconnu: str, fautes: dict[str, str]) -> int | None:
        """Le profil ou le module que nomme la ligne : par son code ; sans code, par son nom."""
        colonne = f"{quoi}_code" if ligne[f"{quoi}_code"].texte else quoi
        texte = ligne[colonne].texte
        if colonne in fautes:
            return None
        if not texte:
            fautes[colonne] = VIDE.format("écrivez son code, ou son nom")
            return None
        mot = texte if colonne.endswith("_code") else normaliser(texte)
        trouve = self._mots[colonne].get(mot)
        if trouve is None:
            fautes[colonne] = inconnu.format(texte[:40])
        return trouve

    def _case(self, ligne: Ligne, fautes: dict[str, str]) -> Case | None:
        if "droit" in fautes or "portee" in fautes:
            return None
        dit, de_qui = ligne["droit"].texte, ligne["portee"].texte
        droit, portee = DROITS.get(normaliser(dit)), PORTEES.get(normaliser(de_qui))
        if not dit:
            fautes["droit"] = VIDE.format(_LES_DROITS)
        elif droit is None:
            fautes["droit"] = DROIT_INCONNU.format(dit[:30], _LES_DROITS)
        if droit == DroitAcces.AUCUN:
            return droit, ""
        if de_qui and portee is None:
            fautes["portee"] = PORTEE_INCONNUE.format(de_qui[:30], _LES_PORTEES)
        elif droit and portee is None:
            fautes["portee"] = PORTEE_ABSENTE.format(_LES_PORTEES)
        return (droit, portee) if droit and portee else None

    def _change_un_retire(self, profil: int, module: int, case: Case) -> bool:
        lui = self.profils[profil]
        return lui.retire_le is not None and self.lue.case(lui, self.modules[module]) != case

    def _situer(self, ligne: Ligne) -> None:
        esms = self.lue.matrice.parcours.esms if self.lue.matrice.parcours else None
        dit = ligne["finess"].texte
        if dit and (esms is None or dit.zfill(9) != esms.finess):
            self.d_ailleurs.add(ligne["pour"].texte[:80] or dit[:9])

    def _comparer(self, numero: int, cle: Cle, case: Case) -> None:
        profil, module = self.profils[cle[0]], self.modules[cle[1]]
        avant = self.lue.case(profil, module)
        if avant == case:
            self.apercu.compter(INCHANGE, 1)
            return
        self.a_ecrire[cle] = (case[0], case[1] or PorteeAcces.UNITE.value)
        ecarts = [("Droit", _droit(avant[0]), _droit(case[0])), ("Portée", _portee(avant[1]), _portee(case[1]))]
        ecarts = [e for e in ecarts if e[1] != e[2]]
        self.apercu.noter(MODIFIE, numero, profil.nom, module.nom, ecarts=ecarts)

    def finir(self) -> None:
        """Dit d'où vient le fichier, s'il vient d'ailleurs."""
        for nom in sorted(self.d_ailleurs):
            self.apercu.avertissements[D_AILLEURS.format(nom)] += 1


def _droit(droit: str) -> str:
    return str(DroitAcces(droit).label)


def _portee(portee: str) -> str:
    return str(PorteeAcces(portee).label) if portee else ""


class _MatriceComparee(Comparaison):
    def __init__(self, apercu: Apercu, lecteur: _Lecteur) -> None:
        self.apercu = apercu
        self._lecteur = lecteur

    def ecrire(self, contexte: Contexte) -> None:
        matrice, par = self._lecteur.lue.matrice, contexte.travail.par
        if par is None:
            raise TravailRefuse("Une matrice se reprend au nom de quelqu'un : déposez-la depuis sa page.")
        try:
            ecrire_cases(matrice, self._lecteur.a_ecrire, saisie=matrice.saisie, par=par)
        except Refus as refus:
            raise TravailRefuse(f"{refus.motif} Rien n'est écrit ; refaites l'aperçu.") from refus


class ImportMatrice(Import):
    """Une matrice en brouillon ; `parametres["matrice"]` dit laquelle."""

    code = "matrice"
    libelle = "Matrice des droits d'accès"
    sur_place = True
    tout_ou_rien = True
    colonnes = COLONNES
    titres = ("Profil", "Module")
    libelle_du_retour = "Revenir à la matrice"
    remede_des_rejets = "Corrigez ces lignes dans le fichier, puis déposez-le de nouveau."

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui prépare cette matrice."""
        matrice = _matrice(parametres)
        return peut_preparer_matrice(utilisateur, matrice) if matrice else Droit(False, PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La matrice."""
        return reverse("formation:matrice-detail", args=[parametres["matrice"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier ; une seule faute empêche d'écrire, et toutes sont dites."""
        travail = contexte.travail
        matrice = _matrice(travail.parametres)
        if matrice is None:
            raise TravailRefuse(PARTIE)
        if not matrice.se_modifie:
            raise TravailRefuse(NE_SE_MODIFIE_PLUS)
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=["droit"],
                feuille=FEUILLE,
                reliees=colonnes_reliees(self.code, travail.par),
            )
        apercu.inconnues = tableau.inconnues
        lecteur = _Lecteur(lire(matrice), apercu)
        for ligne in tableau.lignes:
            lecteur.lire(ligne)
        lecteur.finir()
        yield _MatriceComparee(apercu, lecteur)


inscrire(ImportMatrice())
