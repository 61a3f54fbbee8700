package entra

import "strings"

// understood is the key that a read takes the asked one for.
func (s *Server) understood(key string) string { return s.Understood(key) }

// filter is the expression that a search goes by. none and all say that it doesn't go by any.
func (s *Server) filter(expression string) (understood string, none, all bool) {
	return s.Search(expression, quoted)
}

func quoted(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
