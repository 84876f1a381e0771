"""Les verbatims d'une visite : les lire par thème, en garder un sur place, en trois gestes."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.enums import Consentement, EtatVisite, ThemeEffet
from usages.models import Verbatim, Visite
from usages.permissions import peut_ecrire_dans_l_etude

RECUEILLENT = (EtatVisite.ACCEPTEE, EtatVisite.FAITE)
PAS_ENCORE = "La visite n'est pas acceptée : on n'y recueille rien. Elle est {}."


def exiger_qu_on_y_soit(visite: Visite) -> None:
    """Lève `Refus("etat")` si la visite n'est ni acceptée ni faite."""
    if visite.etat not in RECUEILLENT:
        raise Refus("etat", PAS_ENCORE.format(str(visite.get_etat_display()).lower()))


def par_theme(visite: Visite, theme: str = "") -> list[tuple[str, list[Verbatim]]]:
    """Ceux de la visite, par thème dans l'ordre des thèmes, les sans thème à la fin. Une requête."""
    lus = Verbatim.objects.filter(visite=visite).pour_lecture()
    rangees: dict[str, list[Verbatim]] = defaultdict(list)
    for verbatim in lus.filter(theme=theme) if theme else lus:
        rangees[verbatim.theme].append(verbatim)
    noms = [(t.value, t.label) for t in ThemeEffet] + [("", "Sans thème")]
    return [(nom, rangees[code]) for code, nom in noms if code in rangees]


@transaction.atomic
def garder_verbatim(
    *,
    visite: Visite,
    par: Utilisateur,
    texte: str,
    qui: str,
    voix: str = "",
    situation: str = "",
    theme: str = "",
    accord_donne: bool = False,
) -> Verbatim:
    """Garde ces mots ; `accord_donne` : la personne vient de dire oui. Le même envoi deux fois n'en garde qu'un.

    L'accord d'un représentant et la relecture viennent ensuite, sur sa page. Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_ecrire_dans_l_etude(par, visite))
    # Le verrou sur la visite : le second clic d'un double clic attend, puis trouve ce que le premier a gardé.
    relue = Visite.objects.select_for_update(of=("self",)).get(pk=visite.pk)
    exiger_qu_on_y_soit(relue)
    aujourdhui = timezone.localdate()
    memes = Verbatim.objects.filter(visite=relue, texte=texte.strip(), qui=qui, recueilli_par=par)
    if (deja := memes.filter(recueilli_le=aujourdhui).first()) is not None:
        return deja
    verbatim = Verbatim(
        parcours_id=relue.parcours_id, visite=relue, texte=texte, qui=qui, voix=voix, situation=situation, theme=theme,
        recueilli_par=par,
    )  # fmt: skip
    if accord_donne:
        verbatim.consentement, verbatim.consentement_le = Consentement.DONNE, aujourdhui
    valider(verbatim)
    verbatim.save()
    return verbatim
