package searchtest

import "time"

// worlds are those that are searched. All but the last and those with a bound are small
// enough to be exhausted.
func worlds() []world {
	return []world{
		{name: "overlap", asks: []ask{{role: viewer}, {role: editor}}, prior: true, early: true,
			budget: [chances]uint8{crash: 1, lost: 1}},
		{name: "taken out", asks: []ask{{role: viewer}, {role: editor}}, prior: true, early: true,
			budget: [chances]uint8{byHand: 3}},
		{name: "brought back", asks: []ask{{role: viewer}}, prior: true, early: true, budget: [chances]uint8{byHand: 2}},
		{name: "once more", asks: []ask{{role: viewer}, {role: editor}}, prior: true, budget: [chances]uint8{byHand: 1}},
		{name: "trouble", asks: []ask{{role: editor}}, early: true,
			budget: [chances]uint8{refused: 2, byHand: 2, deleted: 1, asleep: 1}},
		{name: "recovered", asks: []ask{{role: viewer}, {role: viewer, more: 1}}, early: true, budget: [chances]uint8{doubt: 2, asleep: 1}},
		{name: "begins later", asks: []ask{{role: viewer, later: 2 * time.Hour}}, early: true, budget: [chances]uint8{crash: 1, asleep: 1}},
		{name: "somebody else", asks: []ask{{role: admin}}, lapse: 9 * time.Hour, chooses: true, budget: [chances]uint8{handover: 2}},
		{name: "by hand", asks: []ask{{role: seat}}, early: true, budget: [chances]uint8{asleep: 1}},
		{name: "more time", asks: []ask{{role: viewer}, {role: viewer, more: 1}}, early: true,
			budget: [chances]uint8{crash: 1, asleep: 1}},
		{name: "emergency", asks: []ask{{role: writer, emergency: true}}, budget: [chances]uint8{silence: 1, handover: 1, asleep: 1}},
		{name: "review", asks: []ask{{role: writer, emergency: true}}, budget: [chances]uint8{asleep: 1}},
		{name: "reviewer", asks: []ask{{role: writer, emergency: true}}, budget: [chances]uint8{handover: 1}},
		{name: "beside", asks: []ask{{role: writer, emergency: true}, {role: viewer}}, early: true, budget: [chances]uint8{crash: 1}},
		{name: "handover", asks: []ask{{role: admin}}, lapse: 3 * time.Hour, no: true,
			budget: [chances]uint8{handover: 2, words: 1}},
		{name: "lapse", asks: []ask{{role: admin}}, lapse: 3 * time.Hour, budget: [chances]uint8{silence: 1}, bound: quick},
		{name: "away", asks: []ask{{role: admin}}, lapse: 3 * time.Hour, no: true, away: lenaForNoor | ruiForLena | mayaForNoor | noorForMaya,
			budget: [chances]uint8{absence: 3}, bound: quick / 2},
		{name: "away for both", asks: []ask{{role: admin}}, lapse: 3 * time.Hour, away: lenaForNoor | lenaForOmar | ruiForLena,
			budget: [chances]uint8{absence: 3, silence: 1}, bound: quick / 6},
		{name: "signed", asks: []ask{{role: root}}, lapse: 3 * time.Hour, no: true, away: lenaForNoor, budget: [chances]uint8{silence: 1, absence: 1}, bound: quick / 6},
		{name: "signed in an emergency", asks: []ask{{role: keys, emergency: true}}, budget: [chances]uint8{asleep: 1}},
		{name: "stricter", asks: []ask{{role: admin}}, lapse: 3 * time.Hour, stricter: true, budget: [chances]uint8{silence: 1}, bound: quick / 6},
		{name: "decision", asks: []ask{{role: admin}}, lapse: 9 * time.Hour, no: true,
			budget: [chances]uint8{silence: 1, words: 1}},
	}
}

// whole is everything at once; it is searched as far as there is time and room.
func whole() world {
	return world{name: "everything", lapse: 9 * time.Hour, prior: true, early: true, no: true,
		asks:   []ask{{role: admin}, {role: editor}, {role: writer, emergency: true}, {role: editor, more: 2}},
		budget: [chances]uint8{crash: 1, lost: 1, refused: 1, byHand: 1, deleted: 1, asleep: 1, handover: 1, silence: 1, words: 1}}
}
