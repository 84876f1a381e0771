"""Les tickets d'une grappe : les importer, les lire ensemble, les rapprocher d'un irritant."""
