"""Le classeur d'une période : emporté, rempli, rapporté ; zéro différence, ou la ligne, la colonne, la raison."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from programme.models import Grappe
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Travail
from programme.socle.nombres import liste
from programme.socle.porte import changer_etat
from programme.socle.travaux import TravailRefuse
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory, le_mois_dernier, transmettre
from tests.usages.releves.aides import avancer, calcule, case, direction, exiger_totaux_justes, paire, presents, relever
from usages.calculs.controles import NEGATIF, RAISON_DUE, VERROUILLE
from usages.models import CumulIndicateur, Releve, Suivi, Valeur
from usages.resources.releves import AUTRE_PERIODE, DEJA_LU, OUVRE, SANS_RELEVE
from usages.services.releves.classeur import COLONNES, exporter

pytestmark = pytest.mark.django_db
MOIS = le_mois_dernier


def monde(nombre: int = 2) -> tuple[Grappe, Any, list[Releve]]:
    """Des ESMS d'une grappe, leur siège commun ; chacun relève les présents, et deux rapports dont l'un les partage."""
    grappe, commun = GrappeFactory(), presents(code="presents", rang=1)
    projets = IndicateurFactory(code="projets", denominateur_commun=commun, rang=2)
    contrats, compte = IndicateurFactory(code="contrats", rang=3), calcule(code="comptes", rang=4)
    premier = ParcoursFactory(grappe=grappe)
    autres = [ParcoursFactory(grappe=grappe, esms__og=premier.esms.og) for _ in range(nombre - 1)]
    releves = [relever(commun, projets, contrats, compte, parcours=p) for p in (premier, *autres)]
    return grappe, affecter("siege", premier.esms.og), releves


def lignes_de(grappe: Grappe, par: Any) -> list[dict[str, Any]]:
    reponse = connecte(par).get(reverse("usages:releves-classeur", args=[grappe.pk, MOIS().code]))
    livre = load_workbook(io.BytesIO(b"".join(reponse.streaming_content)))
    entetes, *lignes = livre.active.iter_rows(values_only=True)
    assert list(entetes) == list(COLONNES.values())
    return [dict(zip(COLONNES, ligne, strict=True)) for ligne in lignes]


def rapporter(grappe: Grappe, par: Any, lignes: list[dict[str, Any]]) -> Travail:
    livre = Workbook()
    livre.active.append(list(COLONNES.values()))
    for ligne in lignes:
        livre.active.append([ligne.get(c) for c in COLONNES])
    octets = io.BytesIO()
    livre.save(octets)
    fichier = SimpleUploadedFile("releves.xlsx", octets.getvalue())
    return deposer("releves", fichier=fichier, par=par, parametres={"grappe": grappe.pk, "periode": MOIS().code})


def rejets(travail: Travail) -> list[tuple[int, str, str]]:
    lus = travail.resultat["lignes"].get("rejete", [])
    return [(r["ligne"], r["colonne"], r["raison"]) for r in lus]


def test_emporter_puis_rapporter_ne_change_rien() -> None:
    grappe, siege, releves = monde()
    Valeur.objects.filter(releve=releves[0], indicateur__code="presents").update(numerateur=40, origine="saisi")
    Valeur.objects.filter(releve=releves[0], indicateur__code="projets").update(
        numerateur="12.5", denominateur=40, origine="saisi", commentaire="Relevé du 30"
    )
    Valeur.objects.filter(releve=releves[0], indicateur__code="contrats").update(motif="non_mesurable")
    Valeur.objects.filter(releve=releves[1], indicateur__code="comptes").update(numerateur=7, origine="calcule")
    lignes = lignes_de(grappe, siege)
    assert len(lignes) == 8
    travail = rapporter(grappe, siege, lignes)
    assert travail.resultat["decompte"] == "8 inchangés"
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=siege)


def test_remplir_puis_confirmer() -> None:
    grappe, siege, releves = monde()
    lignes = lignes_de(grappe, siege)
    for ligne in lignes:
        dits = {
            "presents": {"valeur": 40},
            "projets": {"valeur": 31},
            "contrats": {"motif": "Non mesurable dans notre DUI", "commentaire": "Pas de module"},
        }
        ligne |= dits.get(ligne["code"], {})
    travail = rapporter(grappe, siege, lignes)
    assert travail.resultat["decompte"] == "6 modifiés, 2 inchangés"
    assert not Valeur.objects.repondues().exists()  # L'aperçu n'écrit rien.
    confirmer(travail, par=siege)
    for releve in releves:
        projets, contrats = (releve.valeurs.get(indicateur__code=c) for c in ("projets", "contrats"))
        assert paire(projets) == (31, 40) and projets.ecrite_par == siege and projets.origine == "saisi"
        assert (contrats.motif, contrats.commentaire) == ("non_mesurable", "Pas de module")
    exiger_totaux_justes()
    assert rapporter(grappe, siege, lignes_de(grappe, siege)).resultat["decompte"] == "8 inchangés"


def test_le_denominateur_partage_suit_sa_ligne() -> None:
    grappe, siege, (releve,) = monde(1)
    Valeur.objects.filter(releve=releve, indicateur__code="presents").update(numerateur=40, origine="saisi")
    Valeur.objects.filter(releve=releve, indicateur__code="projets").update(
        numerateur=31, denominateur=40, origine="saisi"
    )
    lignes = lignes_de(grappe, siege)
    lignes[0]["valeur"] = 42
    confirmer(rapporter(grappe, siege, lignes), par=siege)
    assert paire(releve.valeurs.get(indicateur__code="projets")) == (31, 42)


def test_chaque_mauvaise_ligne_dit_sa_colonne_et_sa_raison() -> None:
    grappe, siege, releves = monde(1)
    Valeur.objects.filter(releve=releves[0], indicateur__code="comptes").update(numerateur=7, origine="calcule")
    (presents_, projets, contrats, comptes) = lignes_de(grappe, siege)
    mauvaises = [
        presents_ | {"valeur": -1},
        projets | {"valeur": "beaucoup"},
        contrats | {"valeur": 50, "sur": 48},
        comptes | {"valeur": 6},
        projets | {"finess": "999999999"},
        contrats | {"finess": "888888888", "periode": "1999-01"},
        presents_ | {"valeur": 3},
        contrats | {"finess": "777777777", "valeur": "=1+1"},
        comptes | {"code": "autre"},
    ]
    travail = rapporter(grappe, siege, mauvaises)
    lus = {ligne: (colonne, raison) for ligne, colonne, raison in rejets(travail)}
    assert set(lus) == set(range(2, 11))
    assert lus[2] == ("Valeur", f"Valeur : {NEGATIF}")
    assert lus[3][0] == "Valeur" and "n'est pas un nombre" in lus[3][1]
    assert lus[4][0] == "Valeur" and "dépasse" in lus[4][1]
    assert lus[5] == ("Raison de la correction", f"Raison de la correction : {RAISON_DUE}")
    assert lus[6] == ("FINESS", f"FINESS : {SANS_RELEVE}")
    assert lus[7] == ("Période", f"Période : {AUTRE_PERIODE.format(liste([p.nom for p in MOIS().finissant_avec()]))}")
    assert lus[8] == ("Code", f"Code : {DEJA_LU.format(2)}")
    assert lus[9][0] == "Valeur" and "formule" in lus[9][1]
    assert lus[10][0] == "Code"
    assert not Valeur.objects.filter(origine="saisi").exists()


def test_un_releve_qui_manque_s_ouvre_a_l_ecriture_pour_qui_le_saisit() -> None:
    grappe, siege, (sien, autre) = monde(2)
    lignes = [x for x in lignes_de(grappe, siege) if x["finess"] == sien.parcours.esms.finess]
    par = avancer(sien.parcours, "ouverture", date_effet=MOIS().debut)
    Suivi.objects.update(depuis=MOIS().debut)
    Releve.objects.filter(pk=sien.pk).delete()
    CumulIndicateur.objects.refaire()
    for ligne in lignes:
        ligne |= {"presents": {"valeur": 40}}.get(ligne["code"], {})
    travail = rapporter(grappe, siege, lignes)
    assert travail.resultat["annonces"] == [OUVRE.format("1 relevé")] and not rejets(travail)
    assert not Releve.objects.filter(parcours=par).exists()
    confirmer(travail, par=siege)
    releve = Releve.objects.get(parcours=par)
    assert releve.valeurs.get(indicateur__code="presents").numerateur == 40
    exiger_totaux_justes()
    # Qui n'y saisit pas ne l'ouvre pas.
    releve.valeurs.all().delete()
    releve.delete()
    voisin = direction(autre.parcours)
    assert [r for *_, r in rejets(rapporter(grappe, voisin, lignes))] and not Releve.objects.filter(parcours=par)


def test_une_ligne_fautive_n_empeche_pas_les_autres() -> None:
    grappe, siege, (releve,) = monde(1)
    lignes = lignes_de(grappe, siege)
    lignes[0]["valeur"], lignes[2]["valeur"], lignes[2]["sur"] = 40, 50, 48
    travail = rapporter(grappe, siege, lignes)
    assert travail.resultat["decompte"] == "1 modifié, 1 rejeté, 2 inchangés"
    confirmer(travail, par=siege)
    assert releve.valeurs.get(indicateur__code="presents").numerateur == 40


def test_rien_ne_s_ecrit_dans_un_verrouille_ni_chez_les_autres() -> None:
    grappe, siege, (sien, verrouille) = monde(2)
    ailleurs = relever(*[v.indicateur for v in sien.valeurs.all()], parcours=ParcoursFactory(grappe=grappe))
    transmettre(verrouille, par=direction(verrouille.parcours))
    for geste in ("valider", "verrouiller"):
        changer_etat(verrouille, geste, par=cheffe_de(grappe))
    directrice = direction(sien.parcours)
    lignes = lignes_de(grappe, siege)
    for ligne in lignes:
        if ligne["code"] == "presents":
            ligne["valeur"] = 40
    autre = dict(lignes[0]) | {"finess": ailleurs.parcours.esms.finess}
    travail = rapporter(grappe, siege, [*lignes, autre])
    raisons = [raison for _, _, raison in rejets(travail)]
    assert any(VERROUILLE in r for r in raisons) and any(SANS_RELEVE in r for r in raisons)
    confirmer(travail, par=siege)
    assert case(sien, lignes_indicateur(sien, "presents")).numerateur == 40
    assert not verrouille.valeurs.repondues().exists() and not ailleurs.valeurs.repondues().exists()
    # La directrice lit peut-être son voisin ; elle n'y écrit pas.
    assert rapporter(grappe, directrice, [autre | {"valeur": 12}]).resultat["nombres"] == {"rejete": 1}
    with pytest.raises(TravailRefuse):
        confirmer(rapporter(grappe, cheffe_de(grappe), lignes), par=cheffe_de(grappe))


def lignes_indicateur(releve: Releve, code: str) -> Any:
    return releve.valeurs.get(indicateur__code=code).indicateur


def test_emporter_coute_autant_de_requetes_a_un_qu_a_vingt() -> None:
    grappe, siege, (premier,) = monde(1)
    tous = [v.indicateur for v in premier.valeurs.all()]
    mesures = []
    for nombre in (0, 20):
        for _ in range(nombre):
            relever(*tous, parcours=ParcoursFactory(grappe=grappe, esms__og=premier.parcours.esms.og))
        list(exporter(grappe, MOIS(), siege)[1])
        with CaptureQueriesContext(connection) as captees:
            assert len(list(exporter(grappe, MOIS(), siege)[1])) == 4 * (nombre + 1)
        mesures.append(len(captees))
    assert mesures[0] == mesures[1]


def test_la_page_depose_et_montre_l_apercu() -> None:
    grappe, siege, _ = monde(1)
    page = reverse("usages:releves-rapporter", args=[grappe.pk, MOIS().code])
    client = connecte(siege)
    assert "Rapporter les relevés" in client.get(page).content.decode()
    octets = b"".join(client.get(reverse("usages:releves-classeur", args=[grappe.pk, MOIS().code])).streaming_content)
    bon = client.post(page, {"fichier": SimpleUploadedFile("releves.xlsx", octets)}, follow=True)
    assert "inchangés" in bon.content.decode()
    Travail.objects.all().delete()
    mauvais = client.post(page, {"fichier": SimpleUploadedFile("x.xlsx", b"rien")})
    assert mauvais.status_code == 422 and not Travail.objects.exists()
    assert connecte(cheffe_de(grappe)).get(page).status_code == 403
    assert client.get(reverse("usages:releves-rapporter", args=[grappe.pk, "novembre"])).status_code == 404
