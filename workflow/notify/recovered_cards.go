package notify

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

// Expect notes that the cards a request has by now stand somewhere already, though
// nobody knows where: they are looked for before one is posted.
func (s *Service) Expect(u *engine.Unit, request string) error {
	cards, err := cardsOfRequest(u, request)
	if err != nil {
		return err
	}
	about := access.RequestSubject(request)
	for _, c := range distinct(cards) {
		kept, err := keptCard(u.Tx, about, c)
		if err != nil {
			return err
		}
		if kept.TS != "" {
			continue // it was posted since
		}
		kept.Posting = kept.ID
		if err := engine.Save(u, engine.Cards(), &kept); err != nil {
			return err
		}
	}
	return nil
}
