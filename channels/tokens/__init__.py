"""What renewing tokens rests on: where they are kept, who may renew them, and how the platform is asked."""
