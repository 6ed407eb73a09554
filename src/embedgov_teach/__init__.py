"""Teaching material: coding sheets and their scores, hand-outs, syllabi, the pages of the coding lab."""
