"""Pictures made of characters: the net, heat maps, the surface, norms, images; each has a text, too."""
