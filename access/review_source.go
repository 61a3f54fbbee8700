package access

import "latchkey/catalog"

// ReviewSourceOf is how access came to be, in a review's words.
func ReviewSourceOf(s Source) catalog.ReviewSource {
	switch s {
	case SourceRequested, SourceRule, SourceRestored:
		return catalog.BySomeRequest
	case SourceBreakGlass:
		return catalog.ByEmergency
	case SourceBirthright:
		return catalog.ByBirthright
	case SourceAdopted:
		return catalog.ByAdoption
	}
	return catalog.ByNothing
}
