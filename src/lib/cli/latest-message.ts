/** What the work last said it is at. */
export interface LatestMessage {
  text: string;
}
