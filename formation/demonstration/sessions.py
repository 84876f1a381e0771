"""Les sessions de la démonstration : tenues avant chaque ouverture, pointées, évaluées ; et celles qui viennent."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from formation.calculs.validite import valable_jusqu_au
from formation.demonstration.textes import REMARQUES
from formation.enums import MomentAvis, NatureFormation, OrigineAcquis, Pointage, StatutInscription
from formation.models import Acquis, AvisFormation, Inscription, ModuleFormation, Poste, SessionFormation
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.models import Grappe, Parcours, Utilisateur

MANQUENT = 11
"""Une personne sur onze manque la session, et la rattrape entre pairs."""


def _instant(jour: date, heure: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time(heure, minute)))


def planifier(
    module: ModuleFormation, jour: date, par: Utilisateur, *, parcours: Parcours | None = None, **champs: object
) -> SessionFormation:
    """Une session d'une matinée, ce jour-là."""
    debut = _instant(jour, 9, 30)
    return SessionFormation.objects.create(
        grappe=module.grappe,
        parcours=parcours,
        module=module,
        debut=debut,
        fin=debut + timedelta(minutes=module.duree_minutes),
        creee_par=par,
        creee_le=a_neuf_heures(jour - timedelta(days=30)),
        **{"capacite": module.places_par_session, "lieu": "Salle de réunion"} | champs,
    )


def inscrire(session: SessionFormation, postes: Sequence[Poste], par: Utilisateur) -> list[Inscription]:
    """Inscrit ces personnes, dans la limite des places ; les suivantes attendent."""
    lignes = [
        Inscription(
            session=session,
            professionnel_id=poste.professionnel_id,
            poste=poste,
            statut=StatutInscription.INSCRIT if rang < session.capacite else StatutInscription.EN_ATTENTE,
            inscrite_par=par,
            inscrite_le=session.creee_le + timedelta(days=2, minutes=rang),
        )
        for rang, poste in enumerate(postes)
    ]
    return Inscription.objects.bulk_create(lignes)


def tenir(session: SessionFormation, par: Utilisateur, *, absents: Collection[int] = ()) -> None:
    """Elle s'est tenue : présences pointées, acquis écrits. `absents` : rangs des inscrits qui n'y étaient pas."""
    jour, module = session.jour, session.module
    franchir(session, "ouvrir", par=par, le=jour - timedelta(days=28))
    franchir(session, "tenir", par=par, le=jour)
    inscrits = list(session.inscriptions.inscrites().order_by("pk"))
    for rang, inscription in enumerate(inscrits):
        inscription.pointage = Pointage.ABSENT if rang in absents else Pointage.PRESENT
    Inscription.objects.bulk_update(inscrits, ["pointage"])
    Acquis.objects.bulk_create(
        Acquis(
            professionnel_id=i.professionnel_id,
            module=module,
            origine=OrigineAcquis.SESSION,
            inscription=i,
            obtenu_le=jour,
            valable_jusqu_au=valable_jusqu_au(jour, module.validite_mois),
        )
        for i in inscrits
        if i.pointage == Pointage.PRESENT
    )


def evaluer(session: SessionFormation, par: Utilisateur, *, tiede: bool = False) -> None:
    """Des avis à chaud, puis l'évaluation close ; `tiede` : sous le seuil, une reprise s'ensuit."""
    presents = session.inscriptions.presentes().count()
    notes = (3, 2, 4, 2, 3, 4) if tiede else (5, 4, 4, 5, 3, 4)
    AvisFormation.objects.bulk_create(
        AvisFormation(
            session=session,
            moment=MomentAvis.A_CHAUD,
            satisfaction=notes[n % len(notes)],
            acquis=max(1, notes[(n + 2) % len(notes)] - (n % 2)),
            remarque=REMARQUES[(n + session.pk) % len(REMARQUES)],
            depose_le=session.jour,
        )
        for n in range(presents * 4 // 5)
    )
    franchir(session, "evaluer", par=par, le=min(session.jour + timedelta(days=15), timezone.localdate()))


def former_l_equipe(parcours: Parcours, postes: Sequence[Poste], le: date, par: Utilisateur, rang: int) -> None:
    """L'équipe formée avant ce jour : le DUI en sessions, le reste du socle déjà reçu ailleurs."""
    socle = list(ModuleFormation.objects.du_socle().filter(grappe=parcours.grappe_id).prefetch_related("publics"))
    for module in socle:
        publics = {m.pk for m in module.publics.all()}
        concernes = [p for p in postes if not publics or p.metier_id in publics]
        if module.nature == NatureFormation.DUI:
            _en_sessions(parcours, module, concernes, le, par, rang)
        else:
            _deja_recue(module, concernes, le - timedelta(days=45), par)


def _en_sessions(
    parcours: Parcours, module: ModuleFormation, postes: Sequence[Poste], le: date, par: Utilisateur, rang: int
) -> None:
    places = module.places_par_session
    for n in range(0, len(postes), places):
        jour = jour_ouvre(le - timedelta(days=24 - n // places * 3))
        session = planifier(module, jour, par, parcours=parcours)
        inscrire(session, postes[n : n + places], par)
        groupe = postes[n : n + places]
        # Jamais la nuit : sans elle, l'unité n'ouvrirait pas.
        absents = [i for i, p in enumerate(groupe) if (i + n + rang) % MANQUENT == MANQUENT - 1 and p.rythme == "jour"]
        tenir(session, par, absents=absents)
        # Un collègue formé leur montre avant l'ouverture.
        _deja_recue(module, [groupe[i] for i in absents], jour_ouvre(le - timedelta(days=4)), par)
        if jour < timezone.localdate() - timedelta(days=20):
            evaluer(session, par, tiede=rang % 5 == 3 and n == 0)


def _deja_recue(module: ModuleFormation, postes: Sequence[Poste], le: date, par: Utilisateur) -> None:
    Acquis.objects.bulk_create(
        Acquis(
            professionnel_id=p.professionnel_id,
            module=module,
            origine=OrigineAcquis.CONSTAT,
            obtenu_le=le,
            valable_jusqu_au=valable_jusqu_au(le, module.validite_mois),
            constate_par=par,
        )
        for p in postes
    )


def prochaines(grappe: Grappe, par: Utilisateur, jours: Sequence[date]) -> list[SessionFormation]:
    """Des sessions de toute la grappe, ouvertes aux inscriptions."""
    modules = list(ModuleFormation.objects.du_socle().filter(grappe=grappe))
    rendu = []
    for module, jour in zip(modules, jours, strict=False):
        session = planifier(module, jour, par, lieu="Siège de l'association, Bourg")
        franchir(session, "ouvrir", par=par, le=timezone.localdate() - timedelta(days=3))
        rendu.append(session)
    return rendu
