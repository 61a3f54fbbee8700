package entra

import "strings"

// hostility is how searches and reads answer something else than was asked, as with an index that trails or a proxy
// that keeps answers.
type hostility struct {
	misled map[string]string
	blank  int // so many searches find nothing
	stray  int // so many searches find everything
}

// Mislead makes the tenant answer whoever asks for one id, UPN, address or name with what it has of another. Changes by
// id are carried out as they are asked for. Whoever is taken for itself again is taken for no other.
func (s *Server) Mislead(asked, answered string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hostile.misled == nil {
		s.hostile.misled = map[string]string{}
	}
	s.hostile.misled[asked] = answered
	if asked == answered {
		delete(s.hostile.misled, asked)
	}
}

// Blank makes the next searches find nothing.
func (s *Server) Blank(times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hostile.blank = times
}

// Stray makes the next searches find everything, whatever they ask for.
func (s *Server) Stray(times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hostile.stray = times
}

// understood is the key that a read takes the asked one for.
func (s *Server) understood(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, misled := s.hostile.misled[key]; misled {
		return other
	}
	return key
}

// filter is the expression that a search goes by. none and all say that it doesn't go by any.
func (s *Server) filter(expression string) (understood string, none, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.hostile
	switch {
	case h.blank > 0:
		h.blank--
		return expression, true, false
	case h.stray > 0:
		h.stray--
		return expression, false, true
	}
	var swap []string
	for asked, answered := range h.misled {
		swap = append(swap, quoted(asked), quoted(answered))
	}
	return strings.NewReplacer(swap...).Replace(expression), false, false
}

func quoted(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
