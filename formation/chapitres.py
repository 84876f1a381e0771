"""Le chapitre de la formation et des droits d'accès du dossier de séance : des nombres, ESMS par ESMS."""

from datetime import datetime, time

from django.utils import timezone

from formation.enums import EtatMatrice
from formation.models import SessionFormation
from formation.services.nombres_par_esms import (
    Formes,
    connexions_par_esms,
    droits_par_esms,
    formes_par_esms,
    seuil_de,
    seuils_par_grappe,
)
from programme.calculs.masquage import MOINS_DE_5, est_petit, masquer_couples, masquer_total
from programme.chapitres.communs import borner, debut_de, depuis_en_mots, parcours_de, sur
from programme.models import Parcours
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import nombre, pourcentage

TU = "non montré"
"""Les petits groupes ne se disent pas en séance, ni ce qui les dirait par différence."""


@inscrire("formation", "La formation", 40)
def formation(demande: Demande) -> list[Bloc]:
    """Couverture de la grappe et de ses ESMS, sessions tenues et à venir."""
    parcours = list(parcours_de(demande).select_related("esms"))
    formes = formes_par_esms([p.pk for p in parcours], demande.au)
    sessions = _sessions(demande)
    if not formes and not sessions:
        return []
    seuil = seuils_par_grappe([demande.grappe.pk])
    return [_chiffres(formes, sessions, demande), _par_esms(parcours, formes, seuil), *_a_venir(sessions, demande)]


def _sessions(demande: Demande) -> list[SessionFormation]:
    lues = SessionFormation.objects.visibles_par(demande.par).filter(grappe=demande.grappe).pour_lecture()
    return list(lues.avec_places().order_by("debut", "pk"))


def _chiffres(formes: dict[int, Formes], sessions: list[SessionFormation], demande: Demande) -> Chiffres:
    debut = timezone.make_aware(datetime.combine(debut_de(demande), time.min))
    tenues = [s for s in sessions if s.est_tenue and s.debut >= debut]
    effectifs = {cle: f.en_poste for cle, f in formes.items()}
    # À côté des ESMS, le total redirait celui qu'on tait.
    en_poste, a_jour = masquer_total(effectifs), sum(f.formes for f in formes.values())
    formees = f"{nombre(a_jour)} ({pourcentage(a_jour / en_poste)})" if en_poste else "0"
    return Chiffres(
        (
            ("Personnes à former", TU if en_poste is None else nombre(en_poste)),
            ("Formées à leur socle", TU if en_poste is None else formees),
            (f"Sessions tenues {depuis_en_mots(demande.depuis)}", nombre(len(tenues))),
        )
    )


def _par_esms(parcours: list[Parcours], formes: dict[int, Formes], seuils: dict[int, int]) -> Tableau:
    lignes = []
    montres = masquer_couples({cle: (f.en_poste, f.formes) for cle, f in formes.items()})
    # Par ordre de taux : ce qu'on tait vient après, pour ne pas se lire à sa place.
    rangs = {cle: f.taux if montres[cle][0] is not None and f.taux is not None else 2 for cle, f in formes.items()}
    for p in sorted(parcours, key=lambda p: (rangs.get(p.pk, 0), p.esms.tri)):
        f = formes.get(p.pk, Formes())
        tu = p.pk in montres and montres[p.pk][0] is None
        if not f.prevus:
            mots = ("—", "personne de dit encore")
        elif not f.en_poste:
            mots = ("—", "rien à former")
        elif tu:
            mots = (MOINS_DE_5 if est_petit(f.en_poste) else TU, TU)
        else:
            mots = (f"{f.formes} sur {f.en_poste}", pourcentage(f.taux))
        atteint = f.taux is not None and not tu and f.taux * 100 >= seuil_de(p, seuils)
        lignes.append((str(p), *mots, "oui" if atteint else ""))
    colonnes = ("ESMS", "Formés", "Couverture", "Seuil atteint")
    return borner("Couverture par ESMS, la plus faible d'abord", colonnes, lignes, "Aucun ESMS.")


def _a_venir(sessions: list[SessionFormation], demande: Demande) -> list[Bloc]:
    prochaines = [s for s in sessions if s.est_a_venir and s.jour >= demande.au]
    if not prochaines:
        return []
    lignes = [(date_courte(s.jour), str(s.module), s.pour, sur(s.nb_inscrits, s.capacite)) for s in prochaines]
    return [borner("Sessions à venir", ("Le", "Module", "Pour", "Inscrits"), lignes)]


@inscrire("droits_acces", "Les droits d'accès au DUI", 45)
def droits_acces(demande: Demande) -> list[Bloc]:
    """Où en est chaque ESMS : matrice, connexions vérifiées."""
    parcours = list(parcours_de(demande).select_related("esms"))
    cles = [p.pk for p in parcours]
    lus, connexions = droits_par_esms(cles), connexions_par_esms(cles)
    if not lus:
        return []
    soumises = sum(d.matrice.etat == EtatMatrice.SOUMISE for d in lus.values())
    faites = sum(d.fait_foi for d in lus.values())
    lignes = []
    for p in parcours:
        droits, (verifiees, unites) = lus.get(p.pk), connexions.get(p.pk, (0, 0))
        etat = str(droits.matrice.get_etat_display()) if droits else "Pas commencée"
        if droits and droits.fait_foi and droits.matrice.etat != EtatMatrice.VALIDEE:
            etat = f"Validée ; une nouvelle version : {etat.lower()}"
        lignes.append((str(p), etat, sur(verifiees, unites)))
    return [
        Chiffres(
            (
                ("ESMS aux droits validés", f"{faites} sur {len(parcours)}"),
                ("Attendent leur direction", nombre(soumises)),
            )
        ),
        borner("Par ESMS", ("ESMS", "Droits d'accès", "Unités aux connexions vérifiées"), lignes),
    ]
