"""Les témoins des cinq chantiers dont les faits vivent dans le tronc ; les autres apps ajoutent les leurs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from django.db.models import Count
from django.urls import reverse

from programme.calculs.checklist import REGLES
from programme.chantiers import Avancee, Constat, Lecture, Lot, inscrire
from programme.enums import FRISE_GRAPPE, Chantier, EtatGrappe, NatureFait, PointDepart, StatutAction, TempsEcriture
from programme.models import DemandeParametrage, Equipement, Fait, LigneReprise, Parcours
from programme.models.demandes import OUVERTES
from programme.services.checklist.lecture import lire_checklists
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, liste

C, A = Chantier, Avancee
MODELE_BATI = frozenset(FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.MODELE_COMMUN) :])
RIEN_A_REPRENDRE = (PointDepart.MEME_DUI, PointDepart.DEJA_CONFORME)


def _pour_chacun(constater: Callable[[Parcours, Lot], Constat | None]) -> Lecture:
    """Un témoin qui se lit parcours par parcours, sur ce que le lot a déjà lu."""

    def lire(lot: Lot) -> Mapping[int, Constat]:
        lus = ((cle, constater(p, lot)) for cle, p in lot.parcours.items())
        return {cle: constat for cle, constat in lus if constat is not None}

    return lire


# --- faits datés ---------------------------------------------------------------------------------------------------


def _faits(lot: Lot) -> dict[tuple[int, str], Fait]:
    def lire() -> dict[tuple[int, str], Fait]:
        return {(f.parcours_id, f.nature): f for f in Fait.objects.filter(parcours__in=list(lot.parcours))}

    return lot.une_fois("faits", lire)


def _fait(nature: NatureFait, *, si: Callable[[Parcours], bool] = lambda p: True) -> Lecture:
    """« Ce fait a une date » ; `si` : à qui on le demande, qui l'a daté le montre de toute façon."""

    def constater(p: Parcours, lot: Lot) -> Constat | None:
        fait = _faits(lot).get((p.pk, nature))
        lien = reverse("programme:parcours-fait", args=[p.pk, nature]) + "?de=preparation"
        if fait:
            return Constat(str(nature.label), A.FAITE, f"le {date_courte(fait.date)}", lien, "Corriger")
        return Constat(str(nature.label), A.RIEN, "date absente", lien, "Donner la date") if si(p) else None

    return _pour_chacun(constater)


# --- checklist -----------------------------------------------------------------------------------------------------


def _avancee(statut: str) -> Avancee:
    if statut == StatutAction.SANS_OBJET:
        return A.SANS_OBJET
    if statut in REGLES:
        return A.FAITE
    return A.RIEN if statut == StatutAction.A_FAIRE else A.COMMENCEE


def _action(code: str) -> Lecture:
    """Une action de la checklist, au statut qui vaut pour l'ESMS ; rien si le modèle de la grappe ne l'a plus."""

    def constater(p: Parcours, lot: Lot) -> Constat | None:
        checklists = lot.une_fois("checklists", lambda: lire_checklists(list(lot.parcours.values())))
        lue = checklists[p.pk].ligne(code)
        if lue is None:
            return None
        lien = f"{reverse('programme:checklist-esms', args=[p.pk])}#action-{code}"
        return Constat(str(lue.ligne.libelle), _avancee(lue.statut), lue.mot.lower(), lien, "Répondre")

    return _pour_chacun(constater)


# --- paramétrage local, droits d'accès -----------------------------------------------------------------------------


def _modele_commun(p: Parcours, lot: Lot) -> Constat:
    bati = (p.grappe.etat_suspendu or p.grappe.etat) in MODELE_BATI
    lien = reverse("programme:grappe-detail", args=[p.grappe_id])
    detail = "bâti" if bati else "pas encore bâti"
    return Constat("Modèle commun de la grappe", A.FAITE if bati else A.RIEN, detail, lien, "Voir la grappe")


def _demandes(p: Parcours, lot: Lot) -> Constat | None:
    def lire() -> dict[int, Counter[str]]:
        comptes: dict[int, Counter[str]] = defaultdict(Counter)
        lues = DemandeParametrage.objects.filter(parcours__in=list(lot.parcours)).order_by()
        for cle, etat, nombre in lues.values_list("parcours", "etat").annotate(n=Count("pk")):
            comptes[cle][etat] += nombre
        return comptes

    compte = lot.une_fois("demandes", lire).get(p.pk)
    if not compte:
        return None
    ouvertes = sum(compte[etat] for etat in OUVERTES)
    lien = f"{reverse('programme:demandeparametrage-liste')}?parcours={p.pk}"
    if ouvertes:
        detail = accorde(ouvertes, "attend une suite,attendent une suite")
        return Constat("Demandes de paramétrage", A.COMMENCEE, detail, lien, "Voir les demandes")
    detail = accorde(compte.total(), "close,toutes closes") if compte.total() == 1 else "toutes closes"
    return Constat("Demandes de paramétrage", A.FAITE, detail, f"{lien}&etat=toutes", "Voir les demandes")


inscrire("modele_commun", C.PARAMETRAGE, _pour_chacun(_modele_commun))
inscrire("parametrage", C.PARAMETRAGE, _fait(NatureFait.PARAMETRAGE))
inscrire("demandes", C.PARAMETRAGE, _pour_chacun(_demandes))
inscrire("habilitations", C.DROITS, _action("habilitations"))


# --- formation et écrits, matériel et accès ------------------------------------------------------------------------


def _temps(p: Parcours, lot: Lot) -> Constat:
    dit = p.temps_ecriture != TempsEcriture.NON_DECIDE
    lien = reverse("programme:parcours-ressources", args=[p.pk]) + "#bloc-temps"
    detail = p.get_temps_ecriture_display().lower()
    return Constat("Temps d'écriture et de lecture", A.FAITE if dit else A.RIEN, detail, lien, "Consigner la décision")


def _equipement(p: Parcours, lot: Lot) -> Constat:
    def lire() -> dict[int, Equipement]:
        return {e.parcours_id: e for e in Equipement.objects.filter(parcours__in=list(lot.parcours))}

    dit = lot.une_fois("equipement", lire).get(p.pk)
    lien = reverse("programme:parcours-equipement", args=[p.pk])
    if dit is None or dit.rapport is None:
        return Constat("Équipement", A.RIEN if dit is None else A.COMMENCEE, "postes pas comptés", lien, "Compter")
    alertes = dit.alertes
    return Constat("Équipement", A.COMMENCEE if alertes else A.FAITE, liste(alertes) or "il y a de quoi écrire", lien)


for _code in ("formation_modalite", "formation_calendrier", "formation_supports"):
    inscrire(_code, C.FORMATION, _action(_code))
inscrire("ecrits", C.FORMATION, _fait(NatureFait.ECRITS))
inscrire("temps_ecriture", C.FORMATION, _pour_chacun(_temps))
inscrire("procedures", C.FORMATION, _fait(NatureFait.PROCEDURES))
inscrire("equipement", C.MATERIEL, _pour_chacun(_equipement))
inscrire("prerequis", C.MATERIEL, _fait(NatureFait.PREREQUIS, si=lambda p: p.est_pilote))
inscrire("materiel", C.MATERIEL, _fait(NatureFait.MATERIEL))


# --- reprise des données -------------------------------------------------------------------------------------------


def _reprise(p: Parcours, lot: Lot) -> Constat:
    def lire() -> dict[int, list[LigneReprise]]:
        dites: dict[int, list[LigneReprise]] = defaultdict(list)
        for ligne in LigneReprise.objects.filter(parcours__in=list(lot.parcours)):
            dites[ligne.parcours_id].append(ligne)
        return dites

    lien = reverse("programme:parcours-reprise", args=[p.pk])
    if lignes := lot.une_fois("reprises", lire).get(p.pk):
        return _reprise_dite(lignes, lien)
    fait = _faits(lot).get((p.pk, NatureFait.REPRISE))
    if fait:
        return Constat("Données à reprendre", A.FAITE, f"reprises le {date_courte(fait.date)}", lien, "Détailler")
    if p.point_depart in RIEN_A_REPRENDRE:
        return Constat("Données à reprendre", A.SANS_OBJET, p.get_point_depart_display(), lien, "En dire plus")
    return Constat("Données à reprendre", A.RIEN, "pas encore dites", lien, "Les dire")


def _reprise_dite(lignes: list[LigneReprise], lien: str) -> Constat:
    restent = [ligne for ligne in lignes if not ligne.est_faite]
    if not restent:
        return Constat("Données à reprendre", A.FAITE, "plus rien à reprendre", lien, "Voir")
    entamees = len(restent) < len(lignes) or any(x.reste is not None and x.reste != x.volume for x in restent)
    avancee = A.COMMENCEE if entamees else A.RIEN
    return Constat("Données à reprendre", avancee, f"reste : {en_mots(restent)}", lien, "Dire ce qui reste")


def en_mots(restent: list[LigneReprise]) -> str:
    """« 40 dossiers, 3 classeurs » : ce qui reste, additionné par unité ; ce qui n'est pas compté se nomme."""
    sommes: Counter[str] = Counter()
    for ligne in restent:
        if ligne.reste is not None:
            sommes[ligne.unite] += ligne.reste
    comptes = [f"{nombre} {unite}" for unite, nombre in sommes.items()]
    return ", ".join([*comptes, *(ligne.quoi.lower() for ligne in restent if ligne.reste is None)])


inscrire("reprise", C.REPRISE, _pour_chacun(_reprise))
