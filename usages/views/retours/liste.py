"""Les retours que voit le lecteur, et ce qui s'y fait en lot."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.enums import Role
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.views.lot import Famille, mener
from programme.views.parcours_liste import EMPORTER
from programme.views.requete import Requete
from usages.filters.retours import RetourFilter
from usages.forms.retours import FORMULAIRES
from usages.models import Retour
from usages.services.retours.gestes import GESTES
from usages.tables.retours import RetourTable

LISTE = "usages:retour-liste"


class RetourListe(VueListe):
    """Les retours que voit le lecteur : ce que le plus de voix disent d'abord."""

    request: Requete
    modele = Retour
    table = RetourTable
    filtre = RetourFilter
    titre = "Retours de terrain"
    chapeau = "Ce qui a posé problème, dit par les équipes. Leur nombre ne classe ni un ESMS, ni une unité."
    unite = "retour"
    recherche = "Mots du retour"
    tri = "semaine"
    nom_fichier = "retours-de-terrain"
    redites = {"grappe": ("grappe",), "parcours": ("grappe", "esms"), "unite": ("grappe", "esms", "unite")}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, ses voix et son échéance."""
        lus = Retour.objects.visibles_par(self.request.user).pour_lecture()
        return lus.avec_voix().avec_rangs().avec_echeance()

    def detailler(self) -> str:
        """Combien de ceux-là ont passé leur délai. Deux requêtes."""
        lus: Any = self.ensemble
        tardifs = lus.order_by().en_retard(timezone.localdate()).count()
        return f"dont {accorde(tardifs, 'en retard,en retard')}" if tardifs else ""

    def actions(self) -> list[dict[str, str]]:
        """Ce que le lecteur peut faire quelque part ; emporter est à tous."""
        gestes = [{"valeur": g.code, "libelle": g.libelle} for g in GESTES.values() if g.peut(self.request.user)]
        return [*gestes, {"valeur": EMPORTER, "libelle": "Emporter la sélection"}]

    def url_actions(self) -> str:
        """La page des gestes groupés."""
        return reverse("usages:retour-lot")

    def vide(self) -> dict[str, str]:
        """Aucun retour : d'où ils viennent."""
        perimetre = self.request.user.perimetre
        if perimetre.tient(Role.ARS) and not perimetre.sauf(Role.ARS).affectes:
            texte = "Ce que disent les équipes reste à l’ESMS et à sa grappe : le financeur lit les chiffres transmis."
        else:
            texte = "Les équipes en donnent depuis la page de leur ESMS, ou par le lien affiché dans leur service."
        geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        return {"titre": "Aucun retour n’attend", "texte": texte, "icone": "inbox"} | geste


FAMILLE = Famille(
    liste=RetourListe,
    route=LISTE,
    gestes=GESTES,
    formulaires=FORMULAIRES,
    unite="retour",
    choisis="retour choisi,retours choisis",
    nom="Retour",
    lieu="ESMS",
    personne="Cochez au moins un retour, puis choisissez le geste.",
)


@require_http_methods(["GET", "POST"])
def lot(request: Requete) -> HttpResponse:
    """Un geste sur les retours choisis."""
    return mener(request, FAMILLE)
