"""What registering a group needs beside the decision: its city's next number, the regions."""
