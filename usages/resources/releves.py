"""Import du classeur d'une période : emporté, rempli au tableur, rapporté par qui saisit pour ses ESMS."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programme.models import Grappe
from programme.socle.classeur import Ligne, lire_tableau
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.imports import INCHANGE, MODIFIE, REJETE, Apercu, Comparaison, Import, colonnes_reliees, inscrire
from programme.socle.nombres import accorde, liste
from programme.socle.travaux import Contexte, TravailRefuse
from usages.calculs.periodes import Periode
from usages.models import Releve, Valeur
from usages.permissions import SAISIE_DES_CHIFFRES, peut_saisir_dans_la_grappe
from usages.services.chiffres.feuilles import INATTENDU, Feuille, lire
from usages.services.chiffres.pousser import champ_vise
from usages.services.chiffres.valeurs import ecrire
from usages.services.import_tdb import parcours_saisis
from usages.services.releves.classeur import COLONNES, FEUILLE, INDISPENSABLES, Lue, lire_ligne, releves_de
from usages.services.releves.ouverture import ouvrir

GENRE = "releves"
FORMULE = "La case contient une formule : collez sa valeur à la place."
SANS_RELEVE = "Aucun relevé de cet ESMS n'est ouvert ici pour cette période, ou vous ne le voyez pas."
AUTRE_PERIODE = "Ce classeur se rapporte pour {} : cette ligne dit une autre période."
OUVRE = "Écrire ouvrira {} qui manquait encore à ces ESMS."
DEJA_LU = "Ce chiffre est déjà à la ligne {} : gardez une seule des deux."
_COLONNES_DES_CHAMPS = {
    "numerateur": "valeur",
    "denominateur": "sur",
    "motif": "motif",
    "commentaire": "raison",
    "indicateur": "code",
}
Fautes = dict[str, str]


@dataclass(slots=True)
class _Change:
    """Une ligne qui change quelque chose : où elle est, ce qu'elle demande."""

    numero: int
    valeur: Valeur
    lue: Lue


@dataclass(slots=True)
class _Lecteur:
    """Un tableau lu face aux relevés d'une période, et de celles qui s'achèvent avec elle."""

    apercu: Apercu
    periode: Periode
    releves: dict[tuple[str, str], Releve]
    feuilles: dict[int, Feuille]
    vues: dict[tuple[str, str, str], int] = field(default_factory=dict)
    changes: dict[int, list[_Change]] = field(default_factory=lambda: defaultdict(list))

    def lire(self, ligne: Ligne) -> None:
        """Une ligne : inchangée, à écrire, ou rejetée avec toutes ses fautes."""
        cases = {code: ligne[code].texte for code in COLONNES if code in ligne}
        finess, code = cases["finess"].replace(" ", ""), cases["code"]
        fautes = {c: FORMULE for c in cases if ligne[c].est_formule}
        premiere = self.vues.setdefault((finess, code, cases["periode"]), ligne.numero)
        if premiere != ligne.numero:
            fautes["code"] = DEJA_LU.format(premiere)
        valeur = None if fautes else self._chiffre(finess, code, cases["periode"], fautes)
        if valeur is not None:
            lue, fautes = lire_ligne(valeur, self.feuilles[valeur.releve_id], cases)
            if lue and not lue.ecarts:
                self.apercu.compter(INCHANGE, 1)
            elif lue:
                self.changes[valeur.releve_id].append(_Change(ligne.numero, valeur, lue))
        if fautes:
            nom = ", ".join(filter(None, (cases.get("esms"), cases.get("indicateur") or code)))
            self.rejeter(ligne.numero, finess, nom, fautes)

    def _chiffre(self, finess: str, code: str, periode: str, fautes: Fautes) -> Valeur | None:
        releve = self.releves.get((finess, periode))
        attendues = self.periode.finissant_avec()
        if periode not in [p.code for p in attendues]:
            fautes["periode"] = AUTRE_PERIODE.format(liste([p.nom for p in attendues]))
        elif releve is None:
            fautes["finess"] = SANS_RELEVE
        else:
            for (_, part), valeur in self.feuilles[releve.pk].cases.items():
                if not part and valeur.indicateur.code == code:
                    return valeur
            fautes["code"] = INATTENDU
        return None

    def rejeter(self, numero: int, finess: str, nom: str, fautes: Fautes) -> None:
        """Une ligne mise de côté : ses colonnes, et pourquoi ; sans colonne, c'est le relevé entier qui s'y refuse."""
        colonnes = ", ".join(COLONNES[c] for c in fautes if c)
        raison = " ".join(f"{COLONNES[c]} : {phrase}" if c else phrase for c, phrase in fautes.items())
        self.apercu.noter(REJETE, numero, finess[:20], nom, colonne=colonnes, raison=raison)

    def essayer(self, par: Any) -> list[tuple[Releve, list[_Change]]]:
        """Ce qui s'écrirait, relevé par relevé ; l'essai n'écrit rien, et ses refus sont notés."""
        retenus = []
        par_cle = {r.pk: r for r in self.releves.values()}
        for cle, changes in self.changes.items():
            refus = _essayer(par_cle[cle], changes, par)
            bons = [c for c in changes if c.numero not in refus]
            esms = par_cle[cle].parcours.esms
            for c in changes:
                nom = f"{esms.nom}, {c.valeur.indicateur}"
                if c.numero in refus:
                    self.rejeter(c.numero, esms.finess, nom, refus[c.numero])
                else:
                    self.apercu.noter(MODIFIE, c.numero, esms.finess, nom, ecarts=c.lue.ecarts)
            if bons:
                retenus.append((par_cle[cle], bons))
        return retenus


def _essayer(releve: Releve, changes: list[_Change], par: Any) -> dict[int, Fautes]:
    """Par numéro de ligne, ce que la saisie refuserait. Tout est défait."""
    saisies = [c.lue.saisie for c in changes]
    with transaction.atomic():
        try:
            refusees = ecrire(releve=releve, saisies=saisies, par=par, partiel=True).refusees
        except Refus as refus:
            return {c.numero: {"": refus.motif} for c in changes}
        finally:
            transaction.set_rollback(True)
    rendu: dict[int, Fautes] = {}
    for c in changes:
        for phrase in refusees.get(c.valeur.indicateur.code, []):
            rendu.setdefault(c.numero, {})[_COLONNES_DES_CHAMPS[champ_vise(phrase)]] = phrase
    return rendu


def _ouvrir(grappe: Grappe, periode: Periode, par: Any, finess: set[str]) -> int:
    """Ouvre ce qui manque aux ESMS que nomme le classeur, s'il en saisit les chiffres."""
    siens = parcours_saisis(par).filter(grappe=grappe, esms__finess__in=finess)
    au = timezone.localdate()
    return sum(ouvrir(p, au=au, parcours=siens).releves for p in periode.finissant_avec())


@dataclass(slots=True)
class _Compares(Comparaison):
    apercu: Apercu
    retenus: list[tuple[Releve, list[_Change]]]
    grappe: Grappe
    periode: Periode
    finess: set[str]

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        par: Any = contexte.travail.par
        _ouvrir(self.grappe, self.periode, par, self.finess)
        # Ceux que l'aperçu avait ouverts ont été défaits avec lui : on écrit dans ceux-ci.
        ouverts = {(r.parcours_id, r.periode): r for r in releves_de(self.grappe, self.periode, par)}
        for vu, changes in self.retenus:
            releve = ouverts.get((vu.parcours_id, vu.periode), vu)
            try:
                ecrire(releve=releve, saisies=[c.lue.saisie for c in changes], par=par)
            except Refus as refus:
                raise TravailRefuse(f"{releve} : {refus.motif}") from refus


class ImportReleves(Import):
    """Les chiffres d'une période d'une grappe ; `parametres` dit la grappe et la période."""

    code = GENRE
    libelle = "Relevés d'une période"
    sur_place = True
    reserve = True
    colonnes = COLONNES
    titres = ("FINESS", "ESMS, indicateur")
    libelle_du_retour = "Revenir aux relevés"
    remede_des_rejets = "Corrigez le classeur, puis rapportez-le : seul ce qui a changé sera proposé."

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui saisit pour un ESMS de la grappe au moins ; chaque ligne se juge ensuite."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        if grappe is None or utilisateur is None:
            return Droit(False, SAISIE_DES_CHIFFRES)
        return peut_saisir_dans_la_grappe(utilisateur, grappe)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les relevés de la grappe."""
        return reverse("usages:grappe-releves", args=[parametres["grappe"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le tableau, essaie chaque relevé, dit toutes les fautes."""
        travail = contexte.travail
        assert travail.par is not None
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=list(INDISPENSABLES),
                feuille=FEUILLE,
                reliees=colonnes_reliees(self.code, travail.par),
            )
        apercu.inconnues = tableau.inconnues
        periode = Periode.lire(travail.parametres["periode"])
        grappe = Grappe.objects.get(pk=travail.parametres["grappe"])
        finess = {ligne["finess"].texte.replace(" ", "") for ligne in tableau.lignes}
        with transaction.atomic():
            neufs = _ouvrir(grappe, periode, travail.par, finess)
            releves = releves_de(grappe, periode, travail.par)
            par_place = {(r.parcours.esms.finess, r.periode.code): r for r in releves}
            lecteur = _Lecteur(apercu, periode, par_place, lire(releves))
            for ligne in tableau.lignes:
                lecteur.lire(ligne)
            retenus = lecteur.essayer(travail.par)
            transaction.set_rollback(True)
        if neufs:
            apercu.annonces.append(OUVRE.format(accorde(neufs, "relevé,relevés")))
        yield _Compares(apercu, retenus, grappe, periode, finess)


inscrire(ImportReleves())
