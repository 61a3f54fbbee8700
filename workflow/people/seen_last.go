package people

import (
	"context"

	"latchkey/access"
)

// strangers is a roster that knows nobody: of whom the store has not met nothing is known.
type strangers struct{}

// NeverMet is why somebody isn't found where nobody is looked up.
const NeverMet = "was never met, so it isn't known whether they are in Slack"

func (strangers) Member(context.Context, string) (access.Person, error) {
	return access.Person{}, access.Refuse(access.Unknown, "person", "Whoever has this account "+NeverMet+".")
}

func (strangers) MemberByEmail(_ context.Context, a access.Email) (access.Person, error) {
	return access.Person{}, access.Refuse(access.Unknown, "person", string(a)+" "+NeverMet+".")
}

func (strangers) ForgetMember(string) {}

// seenLast is somebody as they were seen last, where nobody is looked up.
func (s *identities) seenLast(ctx context.Context, who access.PersonID) (freshPerson, bool) {
	k, err := s.remembered(ctx, who)
	for range 8 { // who they are now, of whom was found to be another one
		if err != nil || k.Same == "" {
			break
		}
		k, err = s.remembered(ctx, k.Same)
	}
	return freshPerson{person: k.Person}, err == nil
}
