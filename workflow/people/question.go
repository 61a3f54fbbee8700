package people

import "latchkey/access"

// question is what has to be known to judge an answer to a request.
type question struct {
	s *Service
	r access.Request
}
