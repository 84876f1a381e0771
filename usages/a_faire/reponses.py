"""La réponse à un retour, à l'accueil de qui l'a donné avec son compte : elle y reste jusqu'à ce qu'il la dise lue."""

from collections.abc import Iterator

from django.urls import reverse

from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde
from usages.services.retours.prevenir import a_lire


@inscrire("reponses_a_lire")
def reponses(demande: Demande) -> Iterator[Ligne]:
    """À l'auteur d'un retour : on y a répondu, ou à celui qui le porte. Une requête."""
    lus = list(a_lire(demande.utilisateur).order_by("-repondu_le", "-pk"))
    if not lus:
        return
    seul = len(lus) == 1
    pages = [reverse("usages:retour-reponse", args=[retour.pk]) for retour in lus]
    titres = [f"« {(retour.porte_par or retour).titre} »" for retour in lus]
    yield Ligne(
        titre="Une réponse à votre retour" if seul else "Des réponses à vos retours",
        detail=titres[0] if seul else accorde(len(lus), "réponse"),
        url=pages[0],
        urgence=Urgence.PEUT_ATTENDRE,
        gestes=(Bouton("Lire la réponse", pages[0]),) if seul else (),
        liens=() if seul else tuple(Bouton(t, page) for t, page in zip(titres, pages, strict=True)),
    )
