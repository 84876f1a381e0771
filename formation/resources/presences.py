"""La feuille d'une session, remplie dans un tableur : numéro ou matricule, présent oui ou non.

Ni l'aperçu ni le rapport n'écrivent de nom ni de matricule : un travail se lit par d'autres que qui gère l'ESMS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse

from formation.enums import Pointage
from formation.models import Inscription, SessionFormation
from formation.permissions import peut_inscrire
from formation.services import presences as service
from formation.services.noms import Noms
from programme.models import Utilisateur
from programme.socle.classeur import Ligne, Tableau, lire_tableau
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.finess.refus import FichierRefuse
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

CODE = "presences-formation"
NUMERO, MATRICULE, PRESENT = "numero", "matricule", "present"
COLONNES = {NUMERO: "Numéro", MATRICULE: "Matricule", PRESENT: "Présent"}
SESSION_PARTIE = "Cette session n'existe plus."
NI_L_UN_NI_L_AUTRE = "Il faut une colonne « Numéro » ou « Matricule » : repartez de la feuille emportée d'ici."
FORMULE = "la case contient une formule : collez sa valeur à la place."
PAS_UN_NUMERO = "ce n'est pas un numéro : écrivez celui de la feuille."
PAS_INSCRIT = (
    "ce numéro n'est pas inscrit à cette session, ou n'est pas d'un de vos ESMS : inscrivez d'abord la personne."
)
MATRICULE_INCONNU = "ce matricule n'est celui d'aucun inscrit de vos ESMS : inscrivez d'abord la personne."
SANS_CLE = "ni numéro ni matricule : la ligne ne désigne personne."
AUTRE_PERSONNE = "le numéro et le matricule ne sont pas ceux de la même personne."
DEJA_LU = "cette personne est déjà à la ligne {} : gardez une seule des deux."
PAS_OUI_NON = "la colonne « Présent » attend oui ou non."
ECRITURE_REFUSEE = "{} Rien n'est écrit ; refaites l'aperçu."

_OUI, _NON = {"oui", "o", "x", "vrai", "1", "present", "presente"}, {"non", "n", "faux", "0", "absent", "absente"}


class _Faute(ValueError):
    """Une ligne qui ne va pas."""


class _Lecteur:
    """Une feuille lue face à sa session."""

    def __init__(self, session: SessionFormation, apercu: Apercu, par: Any) -> None:
        self.session, self.apercu = session, apercu
        self.siennes = service.pointables(session, par)
        noms = Noms.pour(par, session)
        self.par_numero = {str(i.professionnel_id): i for i in self.siennes}
        matricules = [(i.professionnel.matricule, i) for i in self.siennes if noms.gere(i.poste)]
        self.par_matricule = {m: i for m, i in matricules if m}
        self.vus: dict[int, int] = {}
        self.pointages: dict[int, str] = {}

    def lire(self, tableau: Tableau) -> None:
        """Toutes les lignes, toutes les fautes."""
        for ligne in tableau.lignes:
            try:
                self._lire(ligne)
            except _Faute as faute:
                # Ni la case, ni ce qui s'y lit : une colonne mal placée y mettrait un nom ou un matricule.
                self.apercu.noter(REJETE, ligne.numero, f"ligne {ligne.numero}", raison=str(faute))
        presentes = sum(self.pointages.get(i.pk, i.pointage) == Pointage.PRESENT for i in self.siennes)
        if phrase := service.dire_en_trop(presentes, self.session.capacite):
            self.apercu.avertissements[phrase] += 1

    def _lire(self, ligne: Ligne) -> None:
        if any(cellule.est_formule for cellule in ligne.cellules.values()):
            raise _Faute(FORMULE)
        inscription = self._designer(ligne)
        premiere = self.vus.setdefault(inscription.pk, ligne.numero)
        if premiere != ligne.numero:
            raise _Faute(DEJA_LU.format(premiere))
        texte = ligne[PRESENT].texte
        dit = self._pointage(texte) if texte else inscription.pointage
        if dit == inscription.pointage:
            self.apercu.compter(INCHANGE, 1)
            return
        self.pointages[inscription.pk] = dit
        ecart = (COLONNES[PRESENT], inscription.get_pointage_display(), Pointage(dit).label)
        esms = inscription.poste.parcours.esms.nom
        self.apercu.noter(MODIFIE, ligne.numero, inscription.professionnel.numero, esms, ecarts=[ecart])

    def _designer(self, ligne: Ligne) -> Inscription:
        numero, matricule = ligne[NUMERO].texte.removeprefix("n°").strip(), ligne[MATRICULE].texte
        if numero and not numero.isdecimal():
            raise _Faute(PAS_UN_NUMERO)
        if not numero and not matricule:
            raise _Faute(SANS_CLE)
        if numero and (trouve := self.par_numero.get(str(int(numero)))) is None:
            raise _Faute(PAS_INSCRIT)
        if matricule and (du_matricule := self.par_matricule.get(matricule)) is None and not numero:
            raise _Faute(MATRICULE_INCONNU)
        if numero and matricule and du_matricule not in (None, trouve):
            raise _Faute(AUTRE_PERSONNE)
        inscription = trouve if numero else du_matricule
        assert inscription is not None
        return inscription

    @staticmethod
    def _pointage(texte: str) -> str:
        mot = normaliser(texte)
        if mot not in _OUI | _NON:
            raise _Faute(PAS_OUI_NON)
        return Pointage.PRESENT if mot in _OUI else Pointage.ABSENT


class _FeuilleComparee(Comparaison):
    def __init__(self, apercu: Apercu, session: SessionFormation, pointages: dict[int, str]) -> None:
        self.apercu, self._session, self._pointages = apercu, session, pointages

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        try:
            service.pointer(session=self._session, pointages=self._pointages, par=_auteur(contexte))
        except Refus as refus:
            raise TravailRefuse(ECRITURE_REFUSEE.format(refus.motif)) from refus


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse("Une feuille se rapporte au nom de quelqu'un : déposez-la depuis la page de la session.")
    return contexte.travail.par


class ImportPresences(Import):
    """La feuille d'une session ; `parametres["session"]` dit laquelle."""

    code = CODE
    libelle = "Présences d'une formation"
    sur_place = True
    # Emportée par qui gère l'ESMS, la feuille porte les noms et les matricules.
    efface_le_fichier = True
    titres = ("Ligne ou numéro", "ESMS")
    colonnes = COLONNES
    mention_des_rejets = "Les autres lignes s'écrivent sans elles."
    libelle_du_retour = "Revenir aux présences"
    titre_des_annonces = "Pour toute la session"
    remede_des_rejets = "Corrigez la feuille, ou inscrivez d'abord la personne, puis rapportez-la."

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui pointe à cette session."""
        lues = SessionFormation.objects.visibles_par(utilisateur)
        session = lues.filter(pk=parametres.get("session", 0)).first()
        return peut_inscrire(utilisateur, session) if session else Droit(False, SESSION_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La page des présences."""
        return reverse("formation:session-presences", args=[parametres["session"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit toute la feuille, relève toutes les fautes."""
        travail, par = contexte.travail, _auteur(contexte)
        session = SessionFormation.objects.select_related("module").get(pk=travail.parametres["session"])
        if not session.est_tenue:
            raise TravailRefuse(service.PAS_TENUE)
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=[PRESENT],
                feuille="Présences",
                reliees=colonnes_reliees(self.code, par),
            )
        if not {NUMERO, MATRICULE} & set(tableau.presentes):
            raise FichierRefuse(NI_L_UN_NI_L_AUTRE)
        lecteur = _Lecteur(session, apercu, par)
        lecteur.lire(tableau)
        yield _FeuilleComparee(apercu, session, lecteur.pointages)


inscrire(ImportPresences())
