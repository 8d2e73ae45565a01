/** Where people of Python work: what the quick starts for them install is there before they are followed. */
import { JUPYTER, locateVenvOf, STREAMLIT } from '../../../scripts/lib/python.ts'

/** The virtual environments, by the names of the pages; `undefined` where PyPI could not be reached. */
export const NOTEBOOKS = {
  streamlit: locateVenvOf(STREAMLIT),
  jupyter: locateVenvOf(JUPYTER),
}
