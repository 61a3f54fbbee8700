package okta

import "strconv"

// understood is the key that a read takes the asked one for.
func (s *Server) understood(key string) string { return s.Understood(key) }

// search is the expression that a search goes by. none and all say that it doesn't go by any.
func (s *Server) search(expression string) (understood string, none, all bool) {
	return s.Search(expression, strconv.Quote)
}

// filter is the expression that a filter goes by.
func (s *Server) filter(expression string) string { return s.Filter(expression, strconv.Quote) }
