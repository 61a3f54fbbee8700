package campaigns

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

func (s *Service) tellReviewers(*engine.Unit, access.Campaign) error { return nil }
