"""Chaque app est tenue par les contrats d'imports : une app qui naît sans y entrer fait échouer."""

import tomllib

from django.apps import apps
from django.conf import settings


def test_toute_app_du_projet_est_sous_contrat() -> None:
    reglages = tomllib.loads((settings.RACINE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contrats = {c["id"]: c for c in reglages["contracts"]}
    siennes = [c.name for c in apps.get_app_configs() if (settings.RACINE / c.name.split(".")[0]).is_dir()]
    assert "programme" in siennes
    for nom in siennes:
        racine = nom.split(".")[0]
        assert racine in reglages["root_packages"], f"{racine} manque à root_packages"
        etages = " ".join(contrats["apps"]["layers"])
        assert racine in etages, f"{racine} manque au sens des imports entre apps"
        assert nom in contrats["couches"]["containers"], f"{nom} manque aux couches dans une app"
