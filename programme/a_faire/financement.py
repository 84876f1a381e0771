"""Le financement à l'accueil : jalons à transmettre, précisions à donner ; au financeur, ce qui est à lire."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from programme.enums import EtatJalon, Role
from programme.models import Jalon
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.nombres import accorde

A_VENIR = timedelta(days=60)


def _page(jalon: Jalon) -> str:
    return reverse("programme:jalon-detail", args=[jalon.pk])


def _geste(jalon: Jalon, transition: str) -> str:
    return reverse("programme:passage", args=["jalon", jalon.pk, transition])


def a_la_main(demande: Demande) -> list[Jalon]:
    """Jalons des grappes que l'on conduit, entre les mains du chef de projet ; le plus pressé d'abord."""

    def lire() -> list[Jalon]:
        grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
        if not grappes:
            return []
        jalons = Jalon.objects.filter(convention__grappe__in=grappes).a_produire().pour_lecture()
        return sorted(jalons, key=lambda j: (j.echeance or date.max, j.pk))

    return demande.une_fois("jalons", lire)


@inscrire("precisions")
def precisions(demande: Demande) -> Iterator[Ligne]:
    """Le financeur a demandé une précision : il attend la réponse."""
    attendus = [j for j in a_la_main(demande) if j.etat == EtatJalon.PRECISION]
    if not attendus:
        return
    posees = Passage.objects.de_plusieurs(Jalon, [j.pk for j in attendus]).filter(transition="demander_precision")
    questions = {p.objet_id: p for p in posees}
    for jalon in attendus:
        question = questions[jalon.pk]
        yield Ligne(
            titre=f"Répondre au financeur : {jalon}",
            detail=f"{jalon.convention.grappe} · demandé le {date_courte(question.date_effet)}",
            url=_page(jalon),
            urgence=Urgence.REPONDRE,
            echeance=question.date_effet,
            texte=f"« {question.motif} »",
            gestes=(Bouton("Répondre", _geste(jalon, "transmettre")), Bouton("Voir le jalon", _page(jalon))),
        )


@inscrire("jalons")
def jalons_a_transmettre(demande: Demande) -> Iterator[Ligne]:
    """Jalons en retard, ou dont l'échéance tombe dans les soixante jours."""
    limite = demande.au + A_VENIR
    proches = [j for j in a_la_main(demande) if j.etat == EtatJalon.A_PRODUIRE and j.echeance and j.echeance <= limite]
    if not proches:
        return
    en_retard = sum(bool(j.echeance and j.echeance < demande.au) for j in proches)
    liens = tuple(
        Bouton(f"{j}, {j.convention.grappe} : échéance le {date_courte(j.echeance)}", _page(j)) for j in proches
    )
    seul = proches[0]
    yield Ligne(
        titre=f"Transmettre au financeur : {seul}"
        if len(proches) == 1
        else f"Transmettre {accorde(len(proches), 'jalon')} au financeur",
        detail=f"{seul.convention.grappe} · échéance le {date_courte(seul.echeance)}"
        if len(proches) == 1
        else (f"dont {en_retard} en retard" if en_retard else "échéances dans les soixante jours"),
        url=liens[0].url,
        urgence=Urgence.REPONDRE if en_retard else Urgence.SUIVRE,
        echeance=seul.echeance,
        gestes=(Bouton("Voir le jalon", liens[0].url),) if len(proches) == 1 else (),
        liens=liens if len(proches) > 1 else (),
    )


@inscrire("jalons_a_lire")
def jalons_a_lire(demande: Demande) -> Iterator[Ligne]:
    """Au financeur : ce qui lui est transmis. Rien ne presse, rien n'est exigé de lui."""
    if not demande.utilisateur.perimetre.tient(Role.ARS):
        return
    transmis = Jalon.objects.visibles_par(demande.utilisateur).filter(etat=EtatJalon.TRANSMIS).pour_lecture()
    liens = tuple(Bouton(f"{j}, {j.convention.grappe}", _page(j)) for j in transmis.order_by("echeance", "pk"))
    if liens:
        yield Ligne(
            titre=f"Lire {accorde(len(liens), 'jalon transmis,jalons transmis')}",
            detail="Vous pouvez demander une précision ; rien ne vous est demandé d’autre.",
            url=liens[0].url,
            urgence=Urgence.PEUT_ATTENDRE,
            liens=liens,
        )
